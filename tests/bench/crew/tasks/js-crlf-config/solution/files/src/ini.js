/** Sections of an INI text; line ends of either kind. */
export function parseIni(text) {
  const sections = {};
  let section = (sections[''] = {});
  for (const line of text.split(/\r?\n/)) {
    const head = /^\[(.+)\]/.exec(line);
    if (head) section = sections[head[1]] = {};
    const at = line.indexOf('=');
    if (!head && at > 0) section[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return sections;
}
