import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/main/app/ports/store.ts';
import { createSettings } from '../../../src/main/app/settings-service.ts';
import { memoryStore } from '../../integration/llm/fixtures.ts';

const open = (fixed: Partial<ReturnType<ReturnType<typeof createSettings>['current']>> = {}) => {
  const store = memoryStore();
  const fixedBy = Object.fromEntries(Object.keys(fixed).map((name) => [name, 'DEV_CREW_OLLAMA_BASE_URL']));
  return { store, settings: createSettings(store as unknown as Store, { fixed, fixedBy }) };
};

describe('the address of Ollama in the settings', () => {
  it('is refused with a password, which would be kept in plain text', () => {
    const { store, settings } = open();
    const result = settings.update({ ollama_base_url: 'http://me:hidden@127.0.0.1:11434/api/' });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', fields: [{ loc: ['body', 'values', 'ollama_base_url'] }] },
    });
    expect(JSON.stringify(result)).toContain('write http://127.0.0.1:11434/api');
    expect(JSON.stringify([result, store.tables.values.get('settings') ?? null])).not.toContain('hidden');
  });

  it('may have one in the environment, which is used and not shown', () => {
    const { settings } = open({ ollama_base_url: 'http://me:hidden@ollama.lan:11434/' });
    expect(settings.current().ollama_base_url).toBe('http://me:hidden@ollama.lan:11434/');
    expect(settings.view()).toMatchObject({
      values: { ollama_base_url: 'http://ollama.lan:11434' },
      warnings: { ollama_base_url: ['not_encrypted'] },
    });
    expect(JSON.stringify(settings.view())).not.toContain('hidden');
  });

  it('is taken, with a warning where others can read along', () => {
    const { settings } = open();
    expect(settings.update({ ollama_base_url: 'http://localhost:11434' })).toMatchObject({
      ok: true,
      value: { warnings: {} },
    });
    expect(settings.update({ ollama_base_url: 'http://10.1.2.3:11434' })).toMatchObject({
      ok: true,
      value: { warnings: { ollama_base_url: ['not_encrypted'] } },
    });
  });
});

describe('the consent to Antigravity', () => {
  it('is not given until somebody gives it', () => {
    const { settings } = open();
    expect(settings.current().antigravity_consent).toBe(false);
    expect(settings.update({ antigravity_consent: true })).toMatchObject({ ok: true });
    expect(settings.current().antigravity_consent).toBe(true);
  });
});
