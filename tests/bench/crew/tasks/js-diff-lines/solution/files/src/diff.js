/** How one list of lines becomes another, with as few changes as possible (longest common subsequence). */
export function diffLines(before, after) {
  const common = Array.from({ length: before.length + 1 }, () => new Array(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i][j] = before[i] === after[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const lines = [];
  let added = [];
  const flush = () => {
    lines.push(...added);
    added = [];
  };
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      flush();
      lines.push({ kind: ' ', text: before[i] });
      i += 1;
      j += 1;
    } else if (j >= after.length || (i < before.length && common[i + 1][j] >= common[i][j + 1])) {
      lines.push({ kind: '-', text: before[i] });
      i += 1;
    } else {
      added.push({ kind: '+', text: after[j] });
      j += 1;
    }
  }
  flush();
  return lines;
}
