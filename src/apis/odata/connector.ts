/** The connector for `type: odata`: services of OData v4. */
import {
  type Connector,
  defineConnector,
  type Finding,
  type HomeSide,
  type Opening,
  type TableFound,
} from '../../engine/contracts/connector.ts';
import { counted } from '../../errors/as-argument.ts';
import { findingsOf, laterText } from '../requests/findings.ts';
import { requestRequirements } from '../requests/requirements.ts';
import { columnsOf, type ODataConfig, odataConfig, odataConnection } from './config.ts';
import { askedToWait } from './errors.ts';
import { deltaLinks, ODataHome } from './home.ts';
import { metadataOf } from './metadata.ts';

const home: HomeSide<ODataConfig> = {
  config: odataConfig,
  open: async (config, opening) => new ODataHome(config, opening),
  probe,
  requirements: requestRequirements,
  feeds: { names: [deltaLinks], clashingKey: () => undefined },
};

/** Names of properties that a service sets at each change, the likeliest first. */
const changeNames = [/^(system)?modif/i, /modified/i, /(updated|changed)/i];

async function tables(config: ODataConfig, opening: Opening): Promise<readonly TableFound[]> {
  const edm = await metadataOf(config, opening);
  if ('notBefore' in edm) throw askedToWait(config.base_url, edm.notBefore);
  return [...edm.sets.keys()].sort().flatMap((name): readonly TableFound[] => {
    const entity = columnsOf(edm, config, name);
    if (entity === undefined) return [];
    const { keys, columns } = entity;
    const times = columns.filter(({ type }) => type.kind === 'timestamp').map((column) => column.name);
    const rising = changeNames
      .flatMap((like) => times.filter((time) => like.test(time)))
      .map((column) => ({ column, why: 'by its name, the time of the last change', isSafeWatermark: true, isTime: true }));
    const unique = rising.filter(({ column }, i) => rising.findIndex((one) => one.column === column) === i);
    const found = { schema: '', name, written: name, kind: 'entity set', rows: null, bytes: null };
    const feed = edm.tracked.has(name) ? { feed: deltaLinks } : {};
    const names = columns.map((column) => column.name);
    return [{ ...found, keys, columns: names, keyOf: keys.length > 0 ? 'primary key' : null, rising: unique, ...feed }];
  });
}

async function probe(config: ODataConfig, opening: Opening): Promise<readonly Finding[]> {
  await using opened = new ODataHome(config, opening);
  const { place } = opened;
  return await findingsOf(
    { auth: config.auth, place },
    () => opened.look(),
    ({ model: { keys, columns }, first }) => [
      `${place} has ${counted(columns.length, 'column')} by its metadata; its key is ${keys.join(', ') || 'unknown'}`,
      'notBefore' in first
        ? laterText(place, first)
        : `its first page has ${counted(first.records, 'record')}; ${first.next ? 'more pages follow' : 'no page follows'}`,
    ],
  );
}

export const odata: Connector = defineConnector({
  id: 'odata',
  summary: 'Services of OData v4: entity sets by their metadata, changes and deletes by delta links',
  verifiedAgainst: 'a service on Microsoft’s own server library (Microsoft.AspNetCore.OData 9.5), whose records change while they are read',
  family: 'others',
  manifests: true,
  connection: odataConnection,
  home,
  database: { ownSchema: null, tableKey: 'endpoint', tables: (config, opening) => tables(config as ODataConfig, opening) },
});
