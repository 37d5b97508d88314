/** Workspaces whose flows settle in the Warehouse of the tests, and command lines over them in this process. */
import { inProcess } from '../../support/in-process.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { lake, type WarehouseStores } from './stores.ts';

const signsIn = /^(AZURE_|HTTPS?_PROXY|NODE_EXTRA_CA_CERTS)/i;

export interface Told {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the server was asked meanwhile, without what each connection begins with. */
  readonly statements: readonly string[];
}

export interface WarehouseWorkspace extends Disposable {
  readonly files: TestWorkspace;
  hygge(...args: readonly string[]): Promise<Told>;
  /** The same with its lines of JSON. Throws where the command fails. */
  rows(...args: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

interface WarehouseFlow {
  readonly flow: string;
  readonly store?: string;
  readonly settings?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** @param flow keys of the flow, beside its store. @param store keys of the store. @param settings of hygge.yml, beside its connection. */
export function warehouseWorkspace(
  served: WarehouseStores,
  { flow, store = '', settings = '', files = {} }: WarehouseFlow,
): WarehouseWorkspace {
  const { server, port, tls_ca_path, database } = served.keys;
  const identity = ['tenant_id', 'client_id', 'client_secret'].map((key) => `${key}: "\${AZURE_${key.toUpperCase()}}"`).join(', ');
  const workspace = new TestWorkspace({
    'hygge.yml': `name: w\nconnections:\n  sales: { type: fabric_warehouse, server: ${server}, port: ${port}, database: ${database}, tls_ca_path: ${tls_ca_path}, ${identity} }\n${settings}`,
    'flows/f/flow.yml': `store: { connection: sales, table: "dbo.{entity}", staging: "${lake}"${store} }\n${flow}`,
    ...files,
  });
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => signsIn.test(name)));
  const hygge = async (...args: readonly string[]): Promise<Told> => {
    const from = served.server.requests.length;
    const told = await inProcess(args, workspace.root, environment);
    const asked = served.server.requests.slice(from).map(({ sql }) => sql);
    return { ...told, statements: asked.filter((sql) => !/^set ansi_nulls|SERVERPROPERTY\('EngineEdition'\)/.test(sql)) };
  };
  return {
    files: workspace,
    hygge,
    async rows(...args) {
      const { code, stdout, stderr } = await hygge(...args, '--output', 'json');
      if (code !== 0) throw new Error(`hygge ${args.join(' ')} ended ${code}: ${stdout}${stderr}`);
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
      return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    },
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };
}
