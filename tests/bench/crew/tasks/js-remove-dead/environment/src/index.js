export { area } from './area.js';
export { legacy } from './legacy.js';
