import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/invoice.js';

test('adds cents', () => assert.equal(total([{ price: '0.10', quantity: 3 }]), 30));
