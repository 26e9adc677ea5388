import { findUser } from './users.js';

export const greet = (id) => `Hello ${findUser(id)?.name ?? 'stranger'}`;
