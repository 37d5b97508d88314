// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { shownCommand } from '../../infra/commands.ts';
import { programAbsent } from '../../src/cli/deploy/errors.ts';
import { shellWord } from '../../src/errors/as-argument.ts';
import { shore } from '../infra/shore.ts';
import { files, fine, inOrder, key, Scene, subscription } from './scene.ts';

const whole = [
  'az account show',
  'az account get-access-token',
  'az account get-access-token',
  'hygge pack',
  'hygge pack',
  'az deployment group create',
  'az keyvault secret list',
  'az deployment group create',
  'hygge config push',
  'az functionapp deployment source config-zip',
  'az functionapp deployment source config-zip',
  'az functionapp keys list',
  'az functionapp keys list',
  'az resource list',
];

/** Lines of a block of the README, or of a dry run, that a shell would run. */
const commandsIn = (text: string) => text.split('\n').filter((line) => /^(\w+=\$\()?(az|aws|hygge|bash) /.test(line));
const readmeOf = (scene: Scene, folder = 'out/prod') => commandsIn(readFileSync(scene.path(folder, 'README.md'), 'utf8'));

describe('hygge deploy', () => {
  test('does all of it in order, and ends with what the apps found', async () => {
    using scene = new Scene();
    const { code, stdout, stderr } = await scene.deploy();
    expect([code, stderr, scene.recorder.commands]).toEqual([0, '', whole]);
    expect(stdout).toMatch(/✓ crm: all 1 check passed at https:\/\/northwind-crm-\w+\.azurewebsites\.net\n/);
    expect(stdout).toMatch(/Deployed to prod\.\n$/);
    expect(scene.asked.map(({ path, key: shown }) => [path, shown])).toEqual([
      ['POST /api/debug', key],
      ['POST /api/debug', key],
    ]);
    for (const { words, directory } of scene.recorder.recorded.slice(3)) {
      expect(directory.endsWith('/out/prod'), words.join(' ')).toBe(true);
      if (words[0] === 'az') expect(words.slice(words.indexOf('--subscription')).slice(0, 2)).toEqual(['--subscription', subscription]);
    }
  });

  test('by hand or not: the commands of the README, of --dry-run and those that are run are the same', async () => {
    using scene = new Scene();
    const before = scene.workspace.tree('infra');
    const dry = await scene.run(['deploy', '--target', 'prod', '--dry-run']);
    expect([dry.code, dry.stderr, scene.recorder.recorded, scene.asked]).toEqual([0, '', [], []]);
    expect([existsSync(scene.path('out')), scene.workspace.tree('infra')]).toEqual([false, before]);
    expect((await scene.deploy()).code).toBe(0);
    const ran = scene.recorder.recorded.map(({ words }) => words.map(shellWord).join(' '));
    const [render, ...rest] = commandsIn(dry.stdout);
    expect(render).toBe('hygge infra render azure --target prod --out out/prod');
    expect([...new Set(rest)].sort()).toEqual([...new Set(ran)].sort());
    expect(rest.slice(3, -3)).toEqual(readmeOf(scene));
    expect(ran.slice(3, -3)).toEqual(readmeOf(scene));
    expect(dry.stdout).toContain('# az keyvault secret set ');
    expect(dry.stdout).toContain('cd out/prod\n');
  });

  test('what a dry run prints, a shell runs', async () => {
    using scene = new Scene();
    const { stdout } = await scene.run(['deploy', '--target', 'prod', '--dry-run']);
    await scene.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out/prod']);
    const script = stdout.slice(stdout.indexOf('az account show'));
    const { spawnSync } = await import('node:child_process');
    const shell = spawnSync('bash', ['-e', '-c', script], {
      cwd: scene.path(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: scene.recorder.path },
    });
    expect([shell.status, shell.stderr]).toEqual([0, '']);
    expect(scene.recorder.commands).toEqual(whole);
  });

  test('one flow is its app; what all apps share is deployed all the same', async () => {
    using scene = new Scene();
    expect((await scene.deploy({ flow: ['crm'] })).code).toBe(0);
    const about = scene.recorder.recorded.filter(({ words }) => words.includes('pack') || words.includes('config-zip'));
    expect(about.map(({ words }) => words.at(-1))).toEqual(['crm.zip', 'crm.zip']);
    expect(scene.asked.length).toBe(1);
  });

  test('a flow that is not there is named, and nothing happens', async () => {
    using scene = new Scene();
    const { code, stderr } = await scene.deploy({ flow: ['crn'] });
    expect([code, scene.recorder.recorded, existsSync(scene.path('out'))]).toEqual([2, [], false]);
    expect(stderr).toMatch(/HYG-1902.*crn[\s\S]*Did you mean crm\?/);
  });

  test('a target with an error, and one that is not there, are reported by line and by name', async () => {
    using scene = new Scene({ 'infra/prod.yml': `${files['infra/prod.yml']}regoin: westeurope\n` });
    const { code, stderr } = await scene.deploy();
    expect([code, stderr, scene.recorder.recorded]).toEqual([2, expect.stringMatching(/infra\/prod\.yml:5:1 .*HYG-\d{4}/), []]);
    expect((await scene.deploy({ target: 'test' })).stderr).toContain('HYG-1110');
  });

  test('asks first, and writes nothing without a yes', async () => {
    using scene = new Scene();
    const nobody = await scene.deploy({ yes: undefined });
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringMatching(/HYG-1905[\s\S]*hygge deploy --target prod --yes/)]);
    let question = '';
    const no = await scene.deploy(
      { yes: undefined },
      {
        ask: async (text) => {
          question = text;
          return 'n';
        },
      },
    );
    expect([no.code, question, scene.recorder.recorded]).toEqual([0, `Deploy crm, erp to northwind-prod in ${subscription}? [y/N] `, []]);
    expect(existsSync(scene.path('out'))).toBe(false);
    expect((await scene.deploy({ yes: undefined }, { ask: async () => 'y' })).code).toBe(0);
  });

  test('shows what changed since the last time and marks a right that grew, again where it broke off before the apps', async () => {
    using scene = new Scene();
    await scene.deploy();
    const changed = files['flows/crm/flow.yml'].replaceAll('landing', 'x').replaceAll('crm', 'landing').replaceAll('x', 'erp');
    scene.workspace.write({ 'flows/erp/flow.yml': changed });
    const grew = /^ {2}! may use Storage Blob Data Contributor on filesystem landing .*, which is more than it was$/m;
    for (const refused of ['az account show', 'az keyvault secret list', 'az deployment group create']) {
      scene.recorder.answer({ begins: refused, status: 1, stderr: 'ERROR: no' });
      expect((await scene.deploy()).stdout, refused).toMatch(grew);
      scene.recorder.answer(...fine, { begins: 'az deployment group create' });
    }
    scene.recorder.answer({ begins: 'az functionapp deployment', status: 1, stderr: 'ERROR: no' });
    expect((await scene.deploy()).stdout).toMatch(grew);
    expect((await scene.deploy()).stdout).toContain('Nothing changes in prod: out/prod is up to date.');
    const plan = await scene.run(['infra', 'plan', '--target', 'prod', '--check']);
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringContaining('Nothing changes')]);
  });

  test('an app that the workspace has no flow for any more is named, with what removes it', async () => {
    using scene = new Scene();
    await scene.deploy();
    const { rmSync } = await import('node:fs');
    const ids = (await scene.run(['infra', 'destroy', '--target', 'prod', '--dry-run'])).stdout.match(/\/subscriptions\/\S+/g) ?? [];
    const others = [
      'sites/northwind-other-0a1b2c3d',
      'userAssignedIdentities/id-northwind-other-0a1b2c3d',
      'sites/northwind-mine-0a1b2c3d',
    ];
    scene.recorder.answer({ begins: 'az resource list', stdout: JSON.stringify([...ids, ...others.map((one) => `/x/${one}`)]) });
    rmSync(scene.path('flows/erp'), { recursive: true });
    // As whoever makes a pull request does: what was rendered knows no more of it.
    expect((await scene.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out/prod'])).code).toBe(0);
    const { stdout } = await scene.deploy();
    expect(stdout).toMatch(/^! erp exists too, but no flow belongs to it: hygge infra destroy --target prod --app erp$/m);
    expect(stdout).toMatch(/^! northwind-other-0a1b2c3d exists too: .* or to another workspace\..*$/m);
    expect(stdout.match(/exists too/g)?.length).toBe(2);
    for (const nothing of [{ stdout: '<html>' }, { status: 1, stderr: 'ERROR: no' }]) {
      scene.recorder.answer({ begins: 'az resource list', ...nothing });
      expect((await scene.deploy()).code).toBe(0);
    }
  });

  test('a file that was edited is not written over', async () => {
    using scene = new Scene();
    await scene.deploy();
    const before = scene.recorder.recorded.length;
    scene.workspace.write({ 'out/prod/apps.bicep': '// mine\n' });
    const { code, stderr } = await scene.deploy();
    expect([code, stderr, scene.recorder.commands.slice(before)]).toEqual([2, expect.stringContaining('HYG-1117'), whole.slice(0, 3)]);
    expect(readFileSync(scene.path('out/prod/apps.bicep'), 'utf8')).toBe('// mine\n');
  });

  test('secrets that are missing stop it before the apps, by name and with what sets them', async () => {
    using scene = new Scene();
    scene.recorder.answer({ begins: 'az keyvault secret list', stdout: '["other"]' });
    const { code, stdout, stderr } = await scene.deploy();
    expect([code, scene.recorder.commands]).toEqual([1, whole.slice(0, 7)]);
    expect(stderr).toMatch(/HYG-1128 The vault lacks 1 of 1 secrets: HOOK\./);
    expect(stderr).toMatch(/az keyvault secret set --subscription \S+ --vault-name \S+ --name HOOK --file SECRET\.txt/);
    expect(stdout).toMatch(
      /done {6}pack crm, pack erp, data\n *not done {2}secrets, apps, config, upload crm, upload erp, check crm, check erp\n/,
    );
    scene.recorder.answer({ begins: 'az keyvault secret list', stdout: '["hook"]' });
    expect((await scene.deploy()).code).toBe(0);
    expect(scene.recorder.commands.slice(7)).toEqual(whole);
  });

  test('a vault whose list is no list of names is not understood', async () => {
    const stdout = '[1]';
    using scene = new Scene();
    scene.recorder.answer({ begins: 'az keyvault secret list', stdout });
    const { code, stderr } = await scene.deploy();
    expect([code, stderr]).toEqual([1, expect.stringMatching(/HYG-1127[\s\S]*az keyvault secret list/)]);
  });

  test('without az says how to get it, and on Windows what else', async () => {
    using scene = new Scene({}, { programs: ['hygge'] });
    const { code, stderr } = await scene.deploy();
    expect([code, stderr]).toEqual([2, expect.stringMatching(/HYG-1123 The program az cannot be started\.[\s\S]*install-azure-cli/)]);
    expect(programAbsent('az', 'win32').tryThis.join()).toMatch(/install-azure-cli[\s\S]*WSL/);
  });

  test('not signed in, signed in elsewhere, and an answer that is neither', async () => {
    using scene = new Scene();
    scene.recorder.answer({ begins: 'az account show', status: 1, stderr: "ERROR: Please run 'az login' to setup account.\n" });
    expect(await scene.deploy()).toMatchObject({ code: 2, stderr: expect.stringMatching(/HYG-1124[\s\S]*az login/) });
    scene.recorder.answer({ begins: 'az account show', stdout: '"22222222-2222-2222-2222-222222222222"' });
    expect(await scene.deploy()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/HYG-1125.*2222.*1111[\s\S]*az account set --subscription 1111/),
    });
    scene.recorder.answer({ begins: 'az account show', stdout: '<html>' });
    expect(await scene.deploy()).toMatchObject({ code: 1, stderr: expect.stringContaining('HYG-1127') });
    expect(new Set(scene.recorder.commands)).toEqual(new Set(['az account show']));
    // What a pipeline shows for itself lasts ten minutes: whom it signs in to later is asked for a token at once.
    const vault = { begins: 'az account get-access-token', has: 'https://vault.azure.net' };
    scene.recorder.answer(...fine, {
      ...vault,
      status: 1,
      stderr: 'ERROR: AADSTS700024: Client assertion is not within its valid time range.',
    });
    expect(await scene.deploy()).toMatchObject({ code: 2, stderr: expect.stringMatching(/HYG-1124[\s\S]*AADSTS700024/) });
  });

  test('a command that is refused is told with its own last words, and the next time carries on', async () => {
    using scene = new Scene();
    scene.recorder.answer({
      begins: 'az deployment group create',
      has: 'apps.bicep',
      status: 1,
      stderr: `${'noise\n'.repeat(20)}ERROR: (AuthorizationFailed) no: AccountKey=canary-4d7xyz; postgres://loader:canary-4d7@db.example.com/erp\n`,
    });
    const { code, stderr, stdout } = await scene.deploy();
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/HYG-1126 az deployment group create … ended with 1\.[\s\S]*AuthorizationFailed/),
    ]);
    expect(stderr.match(/noise/g)?.length).toBe(5);
    expect(stderr).not.toContain('canary-4d7');
    expect(stdout).toContain('not done  apps, config, upload crm, upload erp, check crm, check erp');
    scene.recorder.answer({ begins: 'az deployment group create' });
    expect((await scene.deploy()).code).toBe(0);
  });

  test('a package that fails its trial stops it before anything is touched', async () => {
    using scene = new Scene();
    scene.recorder.answer({ begins: 'hygge pack', has: 'erp.zip', status: 1, stderr: 'HYG-9301 The packed app does not start.\n' });
    const { code, stderr } = await scene.deploy();
    expect([code, stderr]).toEqual([1, expect.stringMatching(/HYG-1126 hygge pack --flow erp … ended with 1\.[\s\S]*HYG-9301/)]);
    expect(scene.recorder.commands).toEqual(whole.slice(0, 5));
  });

  test('two at once: the platform lets one of them through, and the other says so', async () => {
    using scene = new Scene();
    scene.recorder.answer({
      begins: 'az deployment group create',
      status: 1,
      stderr: 'ERROR: {"code": "DeploymentActive", "message": "still active"}\n',
    });
    expect(await scene.deploy()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/HYG-1126[\s\S]*Another deployment of this target is in progress/),
    });
  });

  /** While the first package is made. */
  async function whilePacking(scene: Scene, does: () => void): Promise<void> {
    await expect.poll(() => scene.recorder.commands.length, { interval: 5 }).toBe(4);
    does();
  }

  test('a signal lets the command that runs come to its end, and says what is done', async () => {
    using scene = new Scene();
    scene.recorder.answer({ begins: 'hygge pack', has: 'crm.zip', after: 400 });
    const running = scene.deploy();
    await whilePacking(scene, () => scene.stop());
    const { code, stdout } = await running;
    expect([code, scene.recorder.commands]).toEqual([130, whole.slice(0, 4)]);
    expect(stdout).toMatch(
      /\nStopping when this command has ended[\s\S]*✓ [\s\S]*\nStopped\.\n\ndone {6}pack crm\nnot done {2}pack erp, data, [^\n]*, check erp\n$/,
    );
    scene.recorder.answer({ begins: 'hygge pack' });
    expect((await scene.deploy()).code).toBe(0);
  });

  test('a second signal ends the command', async () => {
    using scene = new Scene();
    scene.recorder.answer({ begins: 'hygge pack', has: 'crm.zip', after: 120_000 });
    const running = scene.deploy();
    await whilePacking(scene, () => {
      scene.stop();
      scene.stop();
    });
    const { code, stdout } = await running;
    expect([code, stdout]).toEqual([130, expect.stringContaining('\ndone      nothing\n')]);
  });

  test('in JSON each event is a line', async () => {
    using scene = new Scene();
    const { code, stdout } = await scene.deploy({ output: 'json' });
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; step?: string; state?: string });
    expect(code).toBe(0);
    expect(events[0]).toMatchObject({ event: 'plan', v: 1, target: 'prod', first: true });
    expect(events.filter(({ state }) => state === 'ended').map(({ step }) => step)).toEqual([
      'pack crm',
      'pack erp',
      'data',
      'secrets',
      'apps',
      'config',
      'upload crm',
      'upload erp',
      'check crm',
      'check erp',
    ]);
    expect(events.at(-1)).toMatchObject({ event: 'deployed', apps: [{ app: 'crm', checks: 1 }, { app: 'erp' }] });
    const dry = await scene.run(['deploy', '--target', 'prod', '--dry-run', '--output', 'json']);
    expect(JSON.parse(dry.stdout)).toMatchObject({ event: 'dry_run', commands: expect.arrayContaining(['cd out/prod']) });
  });

  test('rights by hand are named with their scripts, and never run', async () => {
    using scene = new Scene({
      'flows/erp/flow.yml':
        'home: { type: onelake, workspace: Sales, item: a.Lakehouse, path: Files/in }\nstore: abfss://erp@northwind.dfs.core.windows.net/out\n',
    });
    const { code, stdout } = await scene.deploy();
    expect([code, scene.recorder.commands]).toEqual([0, whole]);
    expect(stdout).toMatch(/! Run these once by hand, as someone who may grant these rights:\n {4}out\/prod\/by-hand\/fabric\.sh\n/);
  });

  test('hygge packs and pushes with the variables of the target, whatever is set here; by hand they are part of the line', async () => {
    const variables = `variables: { SHOWN: "it's 0 0 2", FOLDER: out }\n`;
    using scene = new Scene({
      'flows/erp/flow.yml': files['flows/erp/flow.yml'].replace('/out\n', '/${FOLDER}/${SHOWN}\n'),
      'infra/prod.yml': `${files['infra/prod.yml']}${variables}`,
    });
    expect((await scene.deploy({}, { environment: { PATH: scene.recorder.path, SHOWN: 'of this machine' } })).code).toBe(0);
    const of = (program: string) => new Set(scene.recorder.recorded.flatMap(({ words, shown }) => (words[0] === program ? [shown] : [])));
    expect([of('hygge'), of('az')]).toEqual([new Set(["it's 0 0 2"]), new Set(['of this machine'])]);
    const { stdout } = await scene.run(['deploy', '--target', 'prod', '--dry-run']);
    const line = "FOLDER=out SHOWN='it'\\''s 0 0 2' hygge pack --flow crm --out crm.zip\n";
    expect(stdout).toContain(line);
    expect(readFileSync(scene.path('out/prod/README.md'), 'utf8')).toContain(line);
    scene.recorder.answer({ begins: 'hygge pack', status: 1 });
    expect((await scene.deploy()).stderr).toContain('HYG-1126 hygge pack --flow crm … ended with 1.');
  });

  test('folders with spaces and quotes in their names are one word', async () => {
    const folder = "it's a $(touch stolen) `x`";
    using scene = new Scene({}, { folder });
    expect((await scene.deploy({ out: '../the "out" folder' })).code).toBe(0);
    expect(existsSync(scene.workspace.path('the "out" folder/apps.bicep'))).toBe(true);
    const pack = scene.recorder.recorded.find(({ words }) => words.includes('pack'));
    expect(pack?.words.slice(-2)).toEqual(['-C', `../${folder}`]);
    const { stdout } = await scene.run(['deploy', '--target', 'prod', '--dry-run', '--out', '../the "out" folder']);
    expect(stdout).toContain(`cd '../the "out" folder'\n`);
    expect(stdout).toContain(shownCommand({ program: 'hygge', args: pack?.words.slice(1) ?? [] }));
    expect(existsSync(scene.path('stolen'))).toBe(false);
  });

  test('from elsewhere, with -C', async () => {
    using scene = new Scene({}, { folder: 'lake' });
    const { code, stdout } = await scene.deploy({ directory: 'lake' }, { directory: scene.workspace.root });
    expect([code, existsSync(scene.workspace.path('lake/out/prod/apps.bicep'))]).toEqual([0, true]);
    expect(stdout).toContain('$ hygge pack --flow crm --out crm.zip\n');
  });
});

describe('with an account of AWS', () => {
  const answers = [
    { begins: 'az account show', stdout: '"44444444-4444-4444-4444-444444444444"' },
    { begins: 'aws sts get-caller-identity', stdout: '"123456789012"' },
    { begins: 'az identity show', stdout: 'the-object-id\n' },
    { begins: 'az keyvault secret list', stdout: '["hook", "PARTNER-KEY"]' },
  ];

  test('its part comes after the apps, with the identities that these have now', async () => {
    using scene = new Scene(shore, { alone: true });
    scene.recorder.answer(...answers);
    const { code, stderr } = await scene.deploy();
    expect([code, stderr]).toEqual([0, '']);
    const { commands, recorded } = scene.recorder;
    const at = (command: string) => commands.lastIndexOf(command);
    expect(at('az deployment group create')).toBeLessThan(at('aws cloudformation deploy'));
    expect(at('aws cloudformation deploy')).toBeLessThan(at('hygge config push'));
    const words = recorded[at('aws cloudformation deploy')]?.words ?? [];
    expect(words.filter((word) => /^Identity\w+=the-object-id$/.test(word)).length).toBeGreaterThan(1);
    expect(recorded[at('aws cloudformation deploy')]?.directory).toBe(scene.path('out/prod-aws'));
    const ran = readmeOf(scene, 'out/prod-aws');
    const dry = (await scene.run(['deploy', '--target', 'prod', '--dry-run'])).stdout;
    expect(ran.length).toBeGreaterThan(3);
    expect(commandsIn(dry)).toEqual(expect.arrayContaining(ran as string[]));
  });

  test('a stack that is left of a first try is reported, with what removes it', async () => {
    using scene = new Scene(shore, { alone: true });
    const said = (state: string) => ({
      begins: 'aws cloudformation deploy',
      status: 255,
      stderr: `ValidationError: Stack is in ${state} state and can not be updated.\n`,
    });
    scene.recorder.answer(...answers, said('ROLLBACK_COMPLETE'));
    const { code, stderr } = await scene.deploy();
    const [, command = ''] = /rolled back: (aws .*)/.exec(stderr) ?? [];
    expect([code, command]).toEqual([
      1,
      expect.stringMatching(/^aws cloudformation delete-stack --region eu-central-1 --stack-name shore-aws-\w{8}$/),
    ]);
    expect(spawnSync('bash', ['-e', '-c', command], { env: { PATH: scene.recorder.path } }).status).toBe(0);
    scene.recorder.answer(said('UPDATE_ROLLBACK_FAILED'));
    expect((await scene.deploy()).stderr).not.toContain('delete-stack');
  });

  test.each([
    ['signed in to another', { begins: 'aws sts get-caller-identity', stdout: '"999999999999"' }, 'HYG-1125', 2],
    ['an identity that is no id', { begins: 'az identity show', stdout: '--parameter x; y' }, 'HYG-1127', 1],
  ])('%s is told', async (_what, more, said, status) => {
    using scene = new Scene(shore, { alone: true });
    scene.recorder.answer(...answers, more);
    const { code, stderr } = await scene.deploy();
    expect([code, stderr]).toEqual([status, expect.stringContaining(said)]);
  });
});

test('no secret is in a word of a command, or in anything that is said', async () => {
  const canary = 'canary-of-a-secret-91ab';
  using scene = new Scene({ '.env': `HOOK=https://hooks.example.com/${canary}\n` });
  scene.apps = (asked, nth) => (nth === 1 ? { status: 401, body: asked.key } : inOrder('another'));
  const environment = { PATH: scene.recorder.path, HOOK: canary, AZURE_CLIENT_SECRET: canary };
  expect((await scene.deploy({}, { environment })).code).toBe(0);
  expect((await scene.deploy({ output: 'json' }, { environment })).code).toBe(0);
  await scene.run(['deploy', '--target', 'prod', '--dry-run'], { environment });
  const all =
    scene.said +
    JSON.stringify(scene.recorder.recorded) +
    [...scene.workspace.tree('out').keys()].map((path) => readFileSync(scene.workspace.path(path), 'utf8')).join('');
  expect(scene.asked.every((one) => one.key === key)).toBe(true);
  for (const secret of [canary, key, encodeURIComponent(key), Buffer.from(key).toString('base64')]) expect(all).not.toContain(secret);
});
