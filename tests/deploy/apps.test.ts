import { describe, expect, test } from 'vitest';
import { inOrder, Scene } from './scene.ts';

const only = { flow: ['crm'] };
const finding = (about: string, ok: boolean, what = 'store: it may not be written to') => ({
  about,
  ok,
  what,
  tryThis: ok ? [] : ['Give the right'],
});
const told = (more: object) => ({ status: 200, body: { app: { config: 'any' }, ok: false, findings: [], ...more } });

describe('an app that was deployed', () => {
  test.each([
    ['401', { status: 401, body: '' }],
    ['503', { status: 503, body: '' }],
    ['no answer', Object.assign(new Error('x'), { code: 'ECONNRESET' })],
    ['something else', { status: 200, body: 'Your app is up and running' }],
  ])('is waited for while it starts: %s', async (_what, first) => {
    using scene = new Scene();
    scene.apps = async (_asked, nth) => (nth < 4 ? first : inOrder(await scene.config()));
    const { code, stdout } = await scene.deploy(only);
    expect([code, scene.asked.length, scene.slept]).toEqual([0, 4, 30_000]);
    expect(stdout.match(/retried for up to 5 minutes/g)?.length).toBe(1);
  });

  test('is given up after five minutes, with what it said last', async () => {
    using scene = new Scene();
    scene.apps = () => ({ status: 503, body: '' });
    const { code, stdout, stderr } = await scene.deploy(only);
    expect([code, scene.slept]).toEqual([1, 300_000]);
    expect(stderr).toMatch(/HYG-1129 The app crm did not check itself within 300 seconds\.[\s\S]*azurewebsites\.net answered 503\./);
    expect(stdout).toContain('not done  check crm\n');
  });

  test('with an error of its own is not waited for', async () => {
    using scene = new Scene();
    scene.apps = () => ({ status: 500, body: { errors: [{ code: 'HYG-1077', what: 'State in files does not work here.' }] } });
    const { code, stderr } = await scene.deploy(only);
    expect([code, scene.slept, stderr]).toEqual([1, 0, expect.stringMatching(/HYG-1129[\s\S]*answered 500: HYG-1077 State in files/)]);
  });

  test('whose key is not known yet is waited for, and asked with the key that is there then', async () => {
    using scene = new Scene();
    scene.recorder.answer({ begins: 'az functionapp keys list', stdout: 'null' });
    // Nothing is requested of a network: it can not.
    const withoutRequests = { kept: <T>(_of: string, _name: string, made: () => T): T => made() } as never;
    const { code, stderr } = await scene.deploy({ ...only }, { network: withoutRequests });
    expect([code, scene.asked, stderr]).toEqual([1, [], expect.stringContaining('has no key yet')]);
    expect(scene.recorder.commands.filter((one) => one === 'az functionapp keys list').length).toBe(31);
  });

  test('that found something amiss is deployed, and that is told with what to do', async () => {
    using scene = new Scene();
    scene.apps = () => told({ findings: [finding('machine', true), finding('crm.crm', false)] });
    const { code, stderr } = await scene.deploy(only);
    expect(code).toBe(1);
    expect(stderr).toMatch(/HYG-1130 The app crm is deployed, but 1 of 2 checks that it made of itself needs attention\./);
    expect(stderr).toMatch(/crm\.crm: store: it may not be written to[\s\S]*Give the right[\s\S]*some minutes/);
  });

  test('that did not look at everything in time is asked flow by flow', async () => {
    using scene = new Scene({
      'infra/prod.yml': `subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: northwind-prod\naccounts: { northwind: { resource_group: lake } }\napps: { nightly: [crm, erp] }\n`,
    });
    const config = await scene.config();
    scene.apps = ({ path }) => {
      const [, flow] = /flow=(\w+)/.exec(path) ?? [];
      if (flow === undefined) return told({ app: { config }, findings: [finding('crm.crm', true)], missing: ['erp.erp'] });
      return told({ app: { config }, findings: [finding('machine', true), finding(`${flow}.${flow}`, true)] });
    };
    const { code, stdout } = await scene.deploy();
    expect([code, scene.asked.map(({ path }) => path)]).toEqual([0, ['POST /api/debug', 'POST /api/debug?flow=erp']]);
    expect(stdout).toContain('nightly: all 2 checks passed');
  });

  test('that could not look at everything even so is amiss', async () => {
    using scene = new Scene();
    scene.apps = async () => told({ app: { config: await scene.config() }, missing: ['crm.crm'] });
    expect(await scene.deploy(only)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/HYG-1130[\s\S]*Not checked in time: crm\.crm/),
    });
  });

  test('that still answers with an older config is asked again for a minute, and then that is said', async () => {
    using scene = new Scene();
    scene.apps = () => inOrder('an-older-one');
    const { code, stdout } = await scene.deploy(only);
    expect([code, scene.slept, stdout]).toEqual([0, 60_000, expect.stringContaining('! crm answers with an older config')]);
  });

  test('that is silent does not hold up its stop', async () => {
    using scene = new Scene();
    scene.apps = () => {
      scene.stop();
      return new Promise(() => undefined);
    };
    expect((await scene.deploy(only)).code).toBe(130);
  });

  test('is not waited for when it is stopped', async () => {
    using scene = new Scene();
    scene.apps = () => {
      scene.stop();
      return { status: 503, body: '' };
    };
    const { code, stdout } = await scene.deploy(only);
    expect([code, scene.asked.length, stdout]).toEqual([130, 1, expect.stringContaining('not done  check crm\n')]);
  });
});
