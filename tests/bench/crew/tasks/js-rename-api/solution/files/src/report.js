import { findUser } from './users.js';

export const names = (ids) => ids.map((id) => findUser(id)?.name).filter(Boolean);
