import { readFileSync } from 'node:fs';

for (const file of process.argv.slice(2)) {
  const lines = readFileSync(file, 'utf8').split('\n').length - 1;
  console.log(`${file} ${lines}`);
}
