/** Names in an order in which they can be done, alphabetical where there is a choice. Throws on a circle. */
export function order(tasks) {
  const names = Object.keys(tasks).sort();
  for (const name of names) {
    for (const need of tasks[name]) {
      if (!Object.hasOwn(tasks, need)) throw new Error(`unknown: ${need}, needed by ${name}`);
    }
  }
  const done = [];
  while (done.length < names.length) {
    const next = names.find((name) => !done.includes(name) && tasks[name].every((need) => done.includes(need)));
    if (next === undefined) throw new Error(`circle: ${circle(tasks, names.filter((name) => !done.includes(name))).join(' -> ')}`);
    done.push(next);
  }
  return done;
}

function circle(tasks, left) {
  const trail = [];
  let name = left[0];
  while (!trail.includes(name)) {
    trail.push(name);
    name = tasks[name].find((need) => left.includes(need));
  }
  const members = trail.slice(trail.indexOf(name));
  const first = members.indexOf([...members].sort()[0]);
  const turned = [...members.slice(first), ...members.slice(0, first)];
  return [...turned, turned[0]];
}
