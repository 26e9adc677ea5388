import { getUser } from './users.js';

export const names = (ids) => ids.map((id) => getUser(id)?.name).filter(Boolean);
