const users = [
  { id: 1, name: 'Mina' },
  { id: 2, name: 'Jun' },
];

/** The user with that id, or null. */
export function findUser(id) {
  return users.find((user) => user.id === id) ?? null;
}
