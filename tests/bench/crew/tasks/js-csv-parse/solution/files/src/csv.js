/** Rows of fields as RFC 4180 has them. Throws where a quote is not closed. */
export function parseCsv(text) {
  const rows = [];
  let row = [];
  let field = '';
  let line = 1;
  let opened = 0;
  let started = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    started = true;
    if (opened > 0) {
      if (char === '\n') line += 1;
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else opened = 0;
    } else if (char === '"' && field === '') opened = line;
    else if (char === ',') {
      row.push(field);
      field = '';
    } else if (char === '\n' || (char === '\r' && text[at + 1] === '\n')) {
      if (char === '\r') at += 1;
      line += 1;
      rows.push([...row, field]);
      row = [];
      field = '';
      started = false;
    } else field += char;
  }
  if (opened > 0) throw new Error(`unclosed quote on line ${opened}`);
  if (started) rows.push([...row, field]);
  return rows;
}
