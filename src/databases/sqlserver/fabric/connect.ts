/** Connections to a Warehouse of Fabric, and to an SQL endpoint. */
import type { Opening } from '../../../engine/contracts/connector.ts';
import type { Pooling } from '../../../engine/contracts/pools.ts';
import { entraToken, readCertificates } from '../../authentication.ts';
import type { Address as FamilyAddress, Transaction } from '../../engine.ts';
import { secretDigest } from '../../server-session.ts';
import { audience, fixedOptions, openedWhenFree, type SqlServerSession, serverOf, signedIn } from '../connect.ts';
import { credentialOf, shownServer } from '../keys.ts';
import { explain, isBusy, notFabric } from './errors.ts';
import { type Address, addressOf, type FabricKeys } from './keys.ts';

const at = (given: FabricKeys): Address => {
  const address = addressOf(given);
  if (address === undefined) throw new Error('an address that was never checked');
  return address;
};

export const shownHost = ({ host, port }: Address): string => shownServer({ host, port, instance: undefined });

export function address(given: FabricKeys): FamilyAddress {
  const of = at(given);
  const { credential, client_id, tenant_id, client_secret, client_certificate_path, tls_ca_path } = given;
  const digest = secretDigest([credential, client_id, tenant_id, client_secret?.reveal(), client_certificate_path, tls_ca_path]);
  return { server: shownHost(of).toLowerCase(), database: of.database, identity: `${client_id ?? credentialOf(given)} ${digest}` };
}

/**
 * Fabric has only snapshot isolation and ignores a level that a statement sets, so no level is set. Staging uses no transaction. A transaction that makes a
 * table would block other readers of the catalogue for as long as a slice takes. Reads without a common snapshot use no transaction, so each statement has its
 * own snapshot.
 */
const begins = ({ stagesOnly, mode, isolation }: Transaction): string | null =>
  stagesOnly || (mode === 'read' && isolation === 'statement') ? null : 'BEGIN TRANSACTION;';

export function connecting(
  given: FabricKeys,
  { root, network }: Pick<Opening, 'root' | 'clock' | 'network'>,
): Pick<Pooling<SqlServerSession>, 'open' | 'close'> {
  const of = at(given);
  const place = `fabric_warehouse ${shownHost(of)}/${of.database}`;
  const { tenant_id, client_id, client_secret, client_certificate_path, tls_ca_path } = given;
  const open = async () => {
    const { ca } = await readCertificates({ tls_ca_path }, root);
    const identity = { credential: credentialOf(given), tenant_id, client_id, client_secret, client_certificate_path };
    const token = await entraToken(identity, { host: of.host, audience, network });
    const session = await signedIn(
      {
        server: of.host,
        authentication: { type: 'azure-active-directory-access-token', options: { token } },
        options: {
          ...fixedOptions,
          port: of.port,
          database: of.database,
          encrypt: true,
          trustServerCertificate: false,
          ...(ca === undefined ? {} : { cryptoCredentialsDetails: { ca } }),
          connectTimeout: given.connect_timeout * 1000,
        },
      },
      { trustsAnybody: false, begins, ownIsolation: 'never', changedRows: 'end of statement' },
    );
    return session.afterSetup(() => mustBeFabric(session, place, of.host));
  };
  return { open: () => openedWhenFree(open, { network, place, isBusy, explain }), close: (session) => session.close() };
}

async function mustBeFabric(session: SqlServerSession, place: string, host: string): Promise<void> {
  const { edition } = await serverOf(session);
  const other = otherThanFabric(edition, host);
  if (other !== undefined) throw notFabric(place, other);
}

/** The edition number of Fabric’s Warehouses and SQL endpoints, and also of the serverless pools of Synapse. */
const fabric = '11';
const dedicatedPool = '6';

/** The server that answered instead of Fabric. A serverless pool of Synapse reports the same edition as Fabric, so only the name of its host tells the two apart. */
export function otherThanFabric(edition: string, host: string): 'Synapse' | 'SQL Server' | undefined {
  const isSynapse = edition === dedicatedPool || /\.azuresynapse\.(net|us|azure\.cn)$/i.test(host);
  if (edition === fabric && !isSynapse) return undefined;
  return isSynapse ? 'Synapse' : 'SQL Server';
}
