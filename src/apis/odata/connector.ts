/** `type: odata`: services of OData v4. */
import {
  type Connector,
  defineConnector,
  type Finding,
  type HomeSide,
  type Opening,
  type TableFound,
} from '../../engine/contracts/connector.ts';
import { counted } from '../../errors/as-argument.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import { requestRequirements, signInText } from '../requests/requirements.ts';
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
    return [{ ...found, keys, keyOf: keys.length > 0 ? 'primary key' : null, rising: unique }];
  });
}

async function probe(config: ODataConfig, opening: Opening): Promise<readonly Finding[]> {
  await using opened = new ODataHome(config, opening);
  const { place } = opened;
  const signed = config.auth === undefined ? [] : [{ ok: true, what: `signs in (${signInText(config.auth)})` }];
  const later = (until: string): Finding => ({ ok: true, what: `${place} asks to be left alone until ${until}` });
  try {
    const found = await opened.look();
    if ('notBefore' in found) return [...signed, later(found.notBefore)];
    const { keys, columns } = found.model;
    const told = {
      ok: true,
      what: `${place} has ${counted(columns.length, 'column')} by its metadata; its key is ${keys.join(', ') || 'not told'}`,
    };
    const { first } = found;
    if ('notBefore' in first) return [...signed, told, later(first.notBefore)];
    const records = `${first.records} ${first.records === 1 ? 'record' : 'records'}`;
    return [...signed, told, { ok: true, what: `its first page has ${records}; ${first.next ? 'more pages follow' : 'no page follows'}` }];
  } catch (error) {
    if (!(error instanceof HyggeError)) throw error;
    return [{ ok: false, what: error.what, why: error.why, tryThis: error.tryThis }];
  }
}

export const odata: Connector = defineConnector({
  id: 'odata',
  summary: 'Services of OData v4: entity sets by their metadata, changes and deletes by delta links',
  verifiedAgainst: 'a service on Microsoft’s own server library (Microsoft.AspNetCore.OData 9.5), whose records change while they are read',
  family: 'others',
  connection: odataConnection,
  home,
  database: { ownSchema: null, tableKey: 'endpoint', tables: (config, opening) => tables(config as ODataConfig, opening) },
});
