/** Names in an order in which they can be done. */
export function order(tasks) {
  const done = [];
  while (done.length < Object.keys(tasks).length) {
    for (const name of Object.keys(tasks)) {
      if (!done.includes(name) && tasks[name].every((need) => done.includes(need))) done.push(name);
    }
  }
  return done;
}
