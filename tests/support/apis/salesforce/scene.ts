import { afterEach, beforeEach, expect } from 'vitest';
import { duck } from '../../duck.ts';
import { inProcess } from '../../in-process.ts';
import { quickWaits } from '../../quick-waits.ts';
import { noteWithin } from '../../raised-codes.ts';
import { eventsOf } from '../../run-hygge.ts';
import { TestWorkspace } from '../../workspace.ts';
import { client, type SalesforceServer, startOrg } from './server.ts';

/** An org and a workspace, made anew for each test of a file. The flow `crm` reads one entity of the org into a lake. */
interface OrgScene {
  org: SalesforceServer;
  workspace: TestWorkspace;
  /** How far the clock of the org has been put forward. */
  laterMs: number;
}

const hour = 3_600_000;

/** The time of an org whose clock nobody has put forward. */
export const orgNow = () => Date.now() - 12 * hour;

export function orgScene(entity: string) {
  const scene = { laterMs: 0 } as OrgScene;
  let waits: Disposable;
  beforeEach(async () => {
    waits = quickWaits();
    scene.laterMs = 0;
    scene.org = await startOrg();
    scene.org.nowMs = () => orgNow() + scene.laterMs;
    scene.workspace = new TestWorkspace();
  });
  afterEach(async () => {
    waits[Symbol.dispose]();
    expect(scene.org.unknown).toEqual([]);
    scene.workspace[Symbol.dispose]();
    await scene.org[Symbol.asyncDispose]();
  });
  const files = () => `read_parquet('${scene.workspace.path(`lake/${entity}/*.parquet`)}', union_by_name = true)`;
  const hygge = (...args: readonly string[]) => inProcess(args, scene.workspace.root, { ORG_SECRET: client.secret });
  return Object.assign(scene, {
    /** @param home further keys of the home. @param rest keys beside it. */
    flow(home = '', rest = ''): void {
      scene.workspace.write({
        'flows/crm/flow.yml': `
home:
  type: salesforce
  base_url: ${scene.org.url}
  auth: { type: oauth2, token_url: "${scene.org.url}/services/oauth2/token", client_id: ${client.id}, client_secret: "\${ORG_SECRET}" }
${home.replaceAll(/^/gm, '  ')}
store: lake
${rest}
entities: [${entity}]
`,
      });
    },
    hygge,
    /** `outcome`: the exit code, and the codes of errors. */
    async go(...more: readonly string[]) {
      const args = ['go', '--output', 'json', ...more];
      const { code, stdout } = await hygge(...args);
      expect(stdout).not.toContain(client.secret);
      const events = eventsOf(args, stdout);
      noteWithin(events);
      return { code, stdout, events, outcome: [code, events.flatMap((one) => (one.event === 'error' ? [one.code] : []))] };
    },
    async rows(columns = 'Id', order = 'Id'): Promise<readonly unknown[]> {
      return (await duck(`select (${columns})::varchar as one from ${files()} order by ${order}`)).map(({ one }) => one);
    },
    async columns(): Promise<readonly string[]> {
      return (await duck(`describe select * from ${files()}`)).map(({ column_name: name, column_type: type }) => `${name} ${type}`);
    },
  });
}
