import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Page, test as base, expect } from '@playwright/test';
import { part } from '../../support/parts.ts';
import { type PagesServer, startPagesServer } from '../../support/pages-server.ts';
import { type Scenario, workday } from './scenario.ts';

/** Opens pages over a stub server, and fails a test in which the browser's console complained. */
export const test = base.extend<{
  scenario: Scenario;
  server: PagesServer;
  open: (hash: string) => Promise<void>;
  complaints: string[];
}>({
  scenario: [workday(), { option: true }],
  server: async ({ scenario }, use) => {
    const server = await startPagesServer({ pages: join(part('build'), 'renderer'), scenario });
    await use(server);
    await server.close();
  },
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      // A refused call is logged by the browser itself, whatever the page does about it.
      const isRefusal = message.text().startsWith('Failed to load resource');
      if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await use(complaints);
    expect(complaints).toEqual([]);
  },
  open: async ({ page, server, complaints }, use) => {
    void complaints;
    await use(async (hash) => {
      await page.goto(`${server.url}/${hash}`);
    });
  },
});

export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect(found).toEqual([]);
}

export { expect };
