/** The connector for `type: salesforce`: the objects of a Salesforce org. */
import {
  type Connector,
  defineConnector,
  type Finding,
  type HomeSide,
  type Opening,
  type TableFound,
} from '../../engine/contracts/connector.ts';
import { findingsOf } from '../requests/findings.ts';
import { requestRequirements } from '../requests/requirements.ts';
import { connectionConfig, type SalesforceConfig, salesforceConfig } from './config.ts';
import { askedToWait } from './errors.ts';
import { SalesforceHome } from './home.ts';
import { Org } from './org.ts';

const home: HomeSide<SalesforceConfig> = {
  config: salesforceConfig as HomeSide<SalesforceConfig>['config'],
  open: async (config, opening) => new SalesforceHome(config, opening),
  probe,
  requirements: requestRequirements,
};

async function probe(config: SalesforceConfig, opening: Opening): Promise<readonly Finding[]> {
  await using opened = new SalesforceHome(config, opening);
  const { place } = opened;
  return await findingsOf(
    { auth: config.auth, place },
    () => opened.look(),
    ({ fields, records }) => [
      `${place} has ${fields} fields to read; ${records === 0 ? 'the user sees no record' : 'the user sees records'}`,
    ],
  );
}

async function tables(config: SalesforceConfig, opening: Opening): Promise<readonly TableFound[]> {
  const org = new Org(config, opening);
  const objects = await org.objects();
  if ('notBefore' in objects) throw askedToWait(org.origin, objects.notBefore);
  return objects
    .filter(({ queryable }) => queryable)
    .map(
      ({ name, replicateable }): TableFound => ({
        ...{ schema: '', name, written: name, kind: 'object', rows: null, bytes: null },
        ...{ keys: ['Id'], columns: null, keyOf: 'primary key' },
        rising: !replicateable
          ? []
          : [{ column: 'SystemModstamp', why: 'each change of a record changes it', isSafeWatermark: true, isTime: true }],
      }),
    );
}

export const salesforce: Connector = defineConnector({
  id: 'salesforce',
  summary: 'Salesforce: the objects of an org, by queries and bulk jobs',
  verifiedAgainst:
    'our own strict server of the documented REST API and Bulk API 2.0, which the npm client jsforce can use; never a real org',
  family: 'databases',
  connection: connectionConfig,
  home,
  database: { ownSchema: '', tables },
});
