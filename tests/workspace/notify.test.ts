import { describe, expect, test } from 'vitest';
import { load, mistakes, type Texts } from './shop.ts';

const teams = 'https://prod-1.westeurope.logic.azure.com/workflows/1?sig=s3cret';
const crm = (notify: string, top = ''): Texts => ({
  'hygge.yml': `name: shop\n${top}`,
  'flows/crm/flow.yml': `home: in\nstore: out\n${notify}`,
});
const told = async (texts: Texts, env: Readonly<Record<string, string>> = { HOOK: teams }) => {
  const workspace = await load(texts, { env });
  const notify = workspace.flows[0]?.notify;
  return { warnings: workspace.warnings, notify: notify && { ...notify, webhook: notify.webhook.reveal() } };
};

describe('notify', () => {
  test('without an address is what is so when nothing is said', async () => {
    expect((await told(crm(''))).notify).toBeNull();
  });

  test('tells of failures and recoveries by default', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the config's own
    expect((await told(crm('notify: { webhook: "${HOOK}" }\n'))).notify).toEqual({
      on: ['error', 'recovered'],
      webhook: teams,
      format: 'teams',
    });
  });

  test('of hygge.yml counts for every flow; a flow says the rest of it, or nothing of it', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the config's own
    const top = 'notify: { on: [error, warn], webhook: "${HOOK}" }\n';
    expect((await told(crm('', top))).notify).toMatchObject({ on: ['error', 'warn'], format: 'teams' });
    expect((await told(crm('notify: { on: warn, format: json }\n', top))).notify).toMatchObject({
      on: ['warn'],
      webhook: teams,
      format: 'json',
    });
    expect((await told(crm('notify: null\n', top))).notify).toBeNull();
  });

  test.each([
    ['https://hooks.slack.com/services/T/B/x', 'slack'],
    ['https://defaultabc.09.environment.api.powerplatform.com:443/powerautomate/x', 'teams'],
    ['https://contoso.webhook.office.com/webhookb2/x', 'teams'],
    ['https://logic.azure.com.example.com/x', 'json'],
    ['https://alerts.example.com/x', 'json'],
    ['http://127.0.0.1:8080/x', 'json'],
  ])('knows by its host what %s takes: %s', async (HOOK, format) => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the config's own
    expect((await told(crm('notify: { webhook: "${HOOK}" }\n'), { HOOK })).notify).toMatchObject({ webhook: HOOK, format });
  });

  test('warns of an address in the file, and does not show it', async () => {
    const { warnings } = await told(crm(`notify: { webhook: "${teams}" }\n`));
    expect(warnings.map(({ message }) => message)).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the config's own
      '`webhook` is written out in the file. A variable keeps it out of version control: `webhook: ${CRM_WEBHOOK}`.',
    ]);
    expect(JSON.stringify(warnings)).not.toContain('s3cret');
  });

  test.each([
    ['no address', 'notify: { on: [error] }\n', 'HYG-1012', '`webhook` is missing'],
    ['what is none', 'notify: { webhook: s3cret }\n', 'HYG-1013', 'needs an https:// address.'],
    ['one that anyone can read', 'notify: { webhook: "http://example.com/s3cret" }\n', 'HYG-1013', 'needs an https:// address.'],
    ['a time there is not', 'notify: { on: [eror], webhook: "https://a.b/s3cret" }\n', 'HYG-1013', 'Did you mean `error`?'],
    ['a form there is not', 'notify: { format: team, webhook: "https://a.b/s3cret" }\n', 'HYG-1013', 'Did you mean `teams`?'],
    ['a key there is not', 'notify: { url: "https://a.b/s3cret", webhook: "https://a.b/s3cret" }\n', 'HYG-1010', 'There is no key `url`'],
  ])('is refused with %s, without showing it', async (_, notify, code, says) => {
    const [error, ...others] = await mistakes(crm(notify));
    expect(error).toMatchObject({ code, what: expect.stringContaining(says) });
    expect(others.map(({ message }) => message)).toEqual([]);
    expect(`${error?.what} ${error?.why.join()} ${error?.tryThis.join()}`).not.toContain('s3cret');
    if (code === 'HYG-1013') expect(JSON.stringify(error?.where)).not.toContain('s3cret');
  });
});
