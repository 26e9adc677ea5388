import { readFileSync } from 'node:fs';

const usage = 'usage: count [--words] [--help] FILE…   (- is standard input)';
const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('--'));
const files = args.filter((arg) => !arg.startsWith('--'));

function fail(code, text) {
  console.error(text);
  process.exit(code);
}

function main() {
  if (options.includes('--help')) return console.log(usage);
  const unknown = options.find((option) => option !== '--words');
  if (unknown) fail(2, `count: unknown option ${unknown}; ${usage}`);
  const words = options.includes('--words');
  let total = 0;
  for (const file of files) {
    const count = countOf(read(file), words);
    total += count;
    console.log(`${file} ${count}`);
  }
  if (files.length > 1) console.log(`total ${total}`);
}

function read(file) {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    return fail(1, `count: ${file}: ${error.code}`);
  }
}

const countOf = (text, words) => (words ? text.split(/\s+/).filter(Boolean).length : text.split('\n').length - 1);

main();
