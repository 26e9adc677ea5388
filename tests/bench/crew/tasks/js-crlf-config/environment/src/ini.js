/** Sections of an INI text. */
export function parseIni(text) {
  const sections = {};
  let section = (sections[''] = {});
  for (const line of text.split('\n')) {
    const head = /^\[(.+)\]/.exec(line);
    if (head) section = sections[head[1]] = {};
    const at = line.indexOf('=');
    if (!head && at > 0) section[line.slice(0, at).trim()] = line.slice(at + 1);
  }
  return sections;
}
