import { configOf, type Deployment } from '../deployment.ts';

/** What a server takes at once, as it comes. Azure's sizes differ; SQL Server takes thousands. */
const usualMost: Readonly<Record<string, { readonly most: number; readonly setting: string }>> = {
  postgres: { most: 100, setting: 'max_connections of PostgreSQL as it comes' },
  mysql: { most: 151, setting: 'max_connections of MySQL as it comes' },
};
const usualInstances = 40;

/** Servers that all instances of all apps at once could ask for more connections than a server takes as it comes, in sentences. */
export function connectionNotes({ apps, target }: Deployment): readonly string[] {
  const instances = target.settings.max_instances ?? usualInstances;
  const servers = new Map<
    string,
    { readonly system: string; readonly pools: Map<string, { readonly app: string; readonly size: number }> }
  >();
  for (const app of apps)
    for (const need of app.needs) {
      const one = need.requirement;
      if (one.need !== 'role' || one.resource.server === undefined || usualMost[one.system] === undefined) continue;
      const { pool_size: size, user = '' } = configOf(app, need) as { readonly pool_size?: unknown; readonly user?: unknown };
      if (typeof size !== 'number') continue;
      const { server, database = '' } = one.resource;
      const held = servers.get(server) ?? { system: one.system, pools: new Map() };
      servers.set(server, held);
      // An instance has one pool for each database and user, however many flows share it.
      held.pools.set(JSON.stringify([app.name, database, user, size]), { app: app.name, size });
    }
  return [...servers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([server, { system, pools }]) => {
      const { most, setting } = usualMost[system] ?? { most: Number.POSITIVE_INFINITY, setting: '' };
      const each = [...pools.values()].reduce((sum, { size }) => sum + size, 0);
      if (instances * each <= most) return [];
      const names = [...new Set([...pools.values()].map(({ app }) => app))].sort().join(', ');
      return [
        `${server} may have to open ${instances * each} connections at once: ${instances} instances × ${each} in the pools of ${names}. It takes ${most} where nothing else is set (${setting}). Lower \`pool_size\` of the connection, raise what the server takes, or put a pooler before it.`,
      ];
    });
}
