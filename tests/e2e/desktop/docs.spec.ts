import { expect, test } from '@playwright/test';
import { createStubEngine } from '../../contract/edges/stub-engine.ts';
import { createHttpServer } from '../../../src/main/api/http/server.ts';
import { needs } from '../../support/requirements-e2e.ts';

needs('chromium');

test('the API’s documentation shows in a browser, within its policy and from no other host', async ({
  page,
}) => {
  const engine = createStubEngine();
  const server = await createHttpServer({ ...engine, version: '0', token: 'a-token', webRoot: null });
  const listening = await server.listen({ host: '127.0.0.1', port: 0 });
  if (!listening.ok) throw new Error(listening.error.message);
  const { url } = listening.value;
  const outside: string[] = [];
  const violations: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) outside.push(request.url());
  });
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  try {
    await page.goto(`${url}/docs`);
    await expect(page.getByText('Create a job').first()).toBeVisible();
    await page.getByText('Approve the plan').first().click();
    await expect(page.getByText('/jobs/{job_id}/approve').first()).toBeVisible();
    expect(outside).toEqual([]);
    expect(violations).toEqual([]);
  } finally {
    await server.close();
  }
});
