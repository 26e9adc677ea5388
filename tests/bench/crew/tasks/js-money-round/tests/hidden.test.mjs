import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { total, format } = await import(pathToFileURL(join(process.cwd(), 'src/invoice.js')).href);

test('exact', () => assert.equal(total([{ price: '0.1', quantity: 1 }, { price: '0.2', quantity: 1 }]), 30));
test('large', () => assert.equal(total([{ price: '90071992547.40', quantity: 3 }]), 27021597764220));
test('whole', () => assert.equal(total([{ price: '5', quantity: 2 }]), 1000));
test('negative', () => assert.equal(total([{ price: '-1.05', quantity: 1 }]), -105));
for (const price of ['1.234', 'x', '', '1,5', '1e3'])
  test(`refuses ${price}`, () => assert.throws(() => total([{ price, quantity: 1 }]), { name: 'RangeError', message: `bad price: ${price}` }));
test('format', () => assert.deepEqual([format(123450), format(5), format(-105), format(0)], ['1,234.50', '0.05', '-1.05', '0.00']));
