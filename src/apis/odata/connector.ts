/** `type: odata`: services of OData v4. */
import { type Connector, defineConnector, type Finding, type HomeSide, type Opening } from '../../engine/contracts/connector.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import { requestRequirements, signInText } from '../requests/requirements.ts';
import { type ODataConfig, odataConfig, odataConnection } from './config.ts';
import { deltaLinks, ODataHome } from './home.ts';

const home: HomeSide<ODataConfig> = {
  config: odataConfig,
  open: async (config, opening) => new ODataHome(config, opening),
  probe,
  requirements: requestRequirements,
  feeds: { names: [deltaLinks], clashingKey: () => undefined },
};

async function probe(config: ODataConfig, opening: Opening): Promise<readonly Finding[]> {
  await using opened = new ODataHome(config, opening);
  const { place } = opened;
  const signed = config.auth === undefined ? [] : [{ ok: true, what: `signs in (${signInText(config.auth)})` }];
  const later = (until: string): Finding => ({ ok: true, what: `${place} asks to be left alone until ${until}` });
  try {
    const found = await opened.look();
    if ('notBefore' in found) return [...signed, later(found.notBefore)];
    const { keys, columns } = found.model;
    const told = { ok: true, what: `${place} has ${columns.length} columns by its metadata; its key is ${keys.join(', ') || 'not told'}` };
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
});
