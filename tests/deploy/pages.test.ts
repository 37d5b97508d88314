import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { blocksOf } from '../docs/blocks.ts';
import { version } from '../infra/bicep-offer.ts';
import { Scene } from './scene.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const golden = join(import.meta.dirname, '..', 'infra', 'golden');
const infrastructure = readFileSync(join(docs, 'infrastructure.md'), 'utf8');
const deploying = readFileSync(join(docs, 'deploying.md'), 'utf8');
const costs = readFileSync(join(docs, 'costs.md'), 'utf8');
const pipelines = readFileSync(join(docs, 'pipelines.md'), 'utf8');
const [github, azureDevOps] = blocksOf(pipelines)
  .filter(({ language }) => language === 'yml')
  .map(({ text }) => parse(text, { strict: true, uniqueKeys: true }) as Pipeline);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly script?: string;
  readonly task?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

interface Pipeline {
  readonly permissions?: object;
  readonly jobs?: Readonly<
    Record<
      'check' | 'deploy',
      {
        readonly if?: string;
        readonly environment?: string;
        readonly permissions?: object;
        readonly concurrency?: object;
        readonly steps: readonly Step[];
      }
    >
  >;
  readonly stages?: readonly {
    readonly stage: 'check' | 'deploy';
    readonly condition: string;
    readonly jobs: readonly {
      readonly environment?: string;
      readonly steps?: readonly Step[];
      readonly strategy?: { readonly runOnce: { readonly deploy: { readonly steps: readonly Step[] } } };
    }[];
  }[];
}

/** Of each stage of a pipeline of Azure DevOps. */
const stepsOf = (stage: 'check' | 'deploy'): readonly Step[] =>
  (azureDevOps?.stages ?? [])
    .filter((one) => one.stage === stage)
    .flatMap(({ jobs }) => jobs.flatMap(({ steps, strategy }) => steps ?? strategy?.runOnce.deploy.steps ?? []));

const commandsIn = (steps: readonly Step[] = []) =>
  steps.flatMap(({ run = '', script = '', inputs }) =>
    [run, script, inputs?.inlineScript ?? ''].flatMap((text) => text.split('\n')).filter((line) => line.startsWith('hygge ')),
  );

const words = (line: string) => line.split(/\s+/).slice(1);

describe('docs/pipelines.md', () => {
  const check = ['hygge infra plan --target prod --check --output json'];
  const deploy = ['hygge deploy --target prod --yes'];

  test('checks pull requests and deploys what is merged, at both services by the same commands', () => {
    expect([commandsIn(github?.jobs?.check.steps), commandsIn(github?.jobs?.deploy.steps)]).toEqual([check, deploy]);
    expect([commandsIn(stepsOf('check')), commandsIn(stepsOf('deploy'))]).toEqual([check, deploy]);
  });

  test('stores no secret, and lets only the job that deploys ask for a token', () => {
    expect(pipelines).not.toMatch(/\$\{\{ *secrets\.|password|client-secret|creds:/i);
    expect([github?.permissions, github?.jobs?.check.permissions, github?.jobs?.deploy.permissions]).toEqual([
      { contents: 'read' },
      undefined,
      { contents: 'read', 'id-token': 'write' },
    ]);
    const login = github?.jobs?.deploy.steps.find(({ uses }) => uses?.startsWith('azure/login@'));
    expect(Object.keys(login?.with ?? {})).toEqual(['client-id', 'tenant-id', 'subscription-id']);
    expect(github?.jobs?.deploy.concurrency).toEqual({ group: 'deploy-prod', 'cancel-in-progress': false });
    const tasks = (stage: 'check' | 'deploy') => stepsOf(stage).flatMap(({ task }) => task ?? []);
    expect([tasks('check'), tasks('deploy')]).toEqual([['NodeTool@0'], ['NodeTool@0', 'AzureCLI@2']]);
  });

  test('lets a pull request reach nothing that deploys: each has a part of its own, and one that deploys is in an environment', () => {
    expect(
      azureDevOps?.stages?.map(({ stage, condition, jobs }) => [stage, condition, jobs.map(({ environment }) => environment)]),
    ).toEqual([
      ['check', "eq(variables['Build.Reason'], 'PullRequest')", [undefined]],
      ['deploy', "ne(variables['Build.Reason'], 'PullRequest')", ['prod']],
    ]);
    // A deployment begins without the repository.
    expect(stepsOf('deploy')[0]).toEqual({ checkout: 'self' });
    expect([github?.jobs?.check.if, github?.jobs?.deploy.if, github?.jobs?.deploy.environment]).toEqual([
      "github.event_name == 'pull_request'",
      "github.event_name == 'push'",
      'prod',
    ]);
    const [, trusted = ''] = /"subject": "([^"]+)"/.exec(pipelines) ?? [];
    expect(trusted).toMatch(/^repo:[\w-]+\/[\w-]+:environment:prod$/);
    expect(pipelines).toMatch(/Let only `main` use the environment/);
  });

  test('each of its commands does what the page says', async () => {
    using scene = new Scene();
    const [plan = ''] = check;
    expect((await scene.run(words(plan))).code).toBe(1);
    const [render = '', inAws = ''] = [...pipelines.matchAll(/`(hygge infra render [^`]+)`/g)].map(([, line = '']) => line);
    expect((await scene.run(words(render))).code).toBe(0);
    // This target has none there.
    expect(await scene.run(words(inAws))).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1122') });
    const rendered = await scene.run(words(plan));
    expect([rendered.code, JSON.parse(rendered.stdout)]).toEqual([0, expect.objectContaining({ target: 'prod', files: [] })]);
    expect(scene.recorder.recorded).toEqual([]);
    for (const line of deploy) expect(await scene.run(words(line))).toMatchObject({ code: 0, stderr: '' });
    expect(scene.asked.length).toBe(2);
    scene.workspace.write({ 'flows/crm/flow.yml': 'home: abfss://landing@northwind.dfs.core.windows.net/crm\nstor: x\n' });
    expect(await scene.run(words(plan))).toMatchObject({ code: 2, stderr: expect.stringContaining('flows/crm/flow.yml:2') });
  });
});

describe('the pages of deployment', () => {
  test('deploying.md, the walk from YAML to a scheduled flow goes as far as an account is needed, and against programs that record beyond', async () => {
    using scene = new Scene({ 'hygge.yml': 'name: northwind\n' }, { alone: true });
    const ran: string[] = [];
    let typed: readonly string[] = [];
    for (const { language, text } of blocksOf(deploying)) {
      const [, file] = /^# (\S+\.yml)$/m.exec(text) ?? [];
      if (language === 'yml' && file !== undefined) scene.workspace.write({ [file]: text });
      if (language === 'console') typed = text.split('\n').map((line) => line.replace(/^\$ /, ''));
      if (language !== 'bash') continue;
      for (const line of text.split('\n')) {
        expect([line, await scene.run(words(line))]).toMatchObject([line, { code: 0, stderr: '' }]);
        ran.push(line);
      }
    }
    expect([ran.length, scene.recorder.recorded]).toEqual([5, []]);
    expect(typed.slice(0, -1).every((line) => line.startsWith('az '))).toBe(true);
    expect(typed.at(-1)).toBe('hygge deploy --target prod');
    const yes = { ask: async () => 'y' };
    const first = await scene.run(words(typed.at(-1) ?? ''), yes);
    expect([first.code, first.stderr]).toEqual([1, expect.stringMatching(/HYG-1128 .*: TEAMS-WEBHOOK\.[\s\S]*az keyvault secret set /)]);
    scene.recorder.answer({ begins: 'az keyvault secret list', stdout: '["TEAMS-WEBHOOK"]' });
    expect(await scene.run(words(typed.at(-1) ?? ''), yes)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/✓ orders: all 1 check passed[\s\S]*Deployed to prod\.\n$/),
    });
  });

  test('its table of steps is what a deployment does', async () => {
    const [table = ''] = /^\| step \| what it does \|$[\s\S]*?(?=\n\n)/m.exec(infrastructure) ?? [];
    const named = [...table.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    using scene = new Scene();
    const { stdout } = await scene.deploy({ output: 'json', flow: ['crm'] });
    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { state?: string; step?: string })
      .flatMap(({ state, step }) => (state === 'ended' ? [step?.split(' ')[0]] : []));
    expect(named.filter((name) => steps.includes(name))).toEqual([
      ...new Set([...steps.slice(0, 1), 'data', 'secrets', 'apps', 'config', 'upload', 'check']),
    ]);
  });

  test('what it says of what idles is so in the templates', () => {
    const of = (scene: string) =>
      ['data', 'network', 'apps'].flatMap((template) => {
        try {
          return JSON.parse(readFileSync(join(golden, scene, `${template}.resources.txt`), 'utf8')) as readonly {
            readonly type: string;
            readonly properties?: Readonly<Record<string, unknown>>;
          }[];
        } catch {
          return [];
        }
      });
    const count = (scene: string, type: RegExp) => of(scene).filter((one) => type.test(one.type)).length;
    const alerts = of('azure')
      .filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules')
      .map(({ properties }) => properties?.evaluationFrequency);
    const [apps, schedules] = [count('azure', /^Microsoft\.Web\/sites$/), alerts.filter((one) => one === 'PT1H').length / 2];
    expect(alerts.filter((one) => one === 'PT15M').length).toBe(2 * apps);
    expect([Number.isInteger(schedules), alerts.length]).toEqual([true, 2 * apps + 2 * schedules]);
    expect(count('azure', /natGateways|privateEndpoints$|publicIPAddresses/)).toBe(0);
    for (const type of [/natGateways$/, /privateEndpoints$/, /publicIPAddresses$/]) expect(count('azure-private', type)).toBeGreaterThan(0);
    // The lines of costs.md that count in the rendered templates.
    const patterns = [...costs.matchAll(/grep -c "([^"]+)" out\/prod\/(\w+)\.bicep/g)].map(([, pattern = '', template]) => ({
      pattern,
      template,
    }));
    const counted = (scene: string) =>
      patterns.map(({ pattern, template }) => {
        const lines = readFileSync(join(golden, scene, `${template}.bicep`), 'utf8').split('\n');
        return lines.filter((line) => line.includes(pattern)).length;
      });
    expect(patterns.map(({ template }) => template)).toEqual(['apps', 'network', 'network', 'apps']);
    expect(counted('azure-private').slice(0, 3)).toEqual(
      [/^Microsoft\.Web\/sites$/, /natGateways$/, /privateEndpoints$/].map((type) => count('azure-private', type)),
    );
    const everyLine = readFileSync(join(golden, 'azure', 'apps.bicep'), 'utf8').split('\n');
    expect(everyLine.filter((line) => line.includes(patterns[3]?.pattern ?? 'none')).length).toBe(alerts.length - 2 * apps);
  });

  test('what costs.md says of providers and of Bicep is so of the templates and their test', () => {
    const used = ['azure', 'azure-private', 'azure-closed'].flatMap((scene) =>
      ['data', 'apps', 'network', 'modules/app'].flatMap((template) => {
        const path = join(golden, scene, `${template}.bicep`);
        return existsSync(path) ? [...readFileSync(path, 'utf8').matchAll(/'(Microsoft\.\w+)\/[\w/]+@/g)].map(([, name = '']) => name) : [];
      }),
    );
    // Roles and locks are every subscription's.
    const listed = new Set([...costs.matchAll(/`(Microsoft\.\w+)`/g)].map(([, name = '']) => name));
    expect([...new Set(used)].filter((name) => name !== 'Microsoft.Authorization' && !listed.has(name))).toEqual([]);
    expect(costs).toContain(`Bicep ${version}`);
  });
});
