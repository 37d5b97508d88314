import { realClock } from '../../adapters/real-clock.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import type { Proposal } from '../../engine/contracts/connector.ts';
import { ConfigError, HyggeError } from '../../errors/hygge-error.ts';
import { proposalText } from '../../narrate/commands/proposal-lines.ts';
import { visible } from '../../narrate/text/visible.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import { decodedPart } from '../../ports/values.ts';
import { connectors, findConnector } from '../../registry.ts';
import { loadWorkspace } from '../../workspace/load/load.ts';
import { hasPassword, secretKeysIn, withoutCredentials } from '../copy/credentials.ts';
import { misplacedPassword } from '../copy/errors.ts';
import { isDataFile } from '../copy/place.ts';
import { withTexts } from '../copy/workspace.ts';
import { plain } from '../draft/draft.ts';
import { block, type Keys, quotedScalar } from '../draft/yaml.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { withOpening } from '../terminal/with-opening.ts';
import type { Source } from './source.ts';

const type = 'rest_api';
const nowhere = '/hygge init';

/** Whether a web address may be an API: it has a path, but not the extension of a data file. An address that ends in JSON may be a file or an API. */
export function isApi(written: string): boolean {
  return /^https?:\/\/[^/?#]+\/[^?#]/i.test(written) && (!isDataFile(written) || /\.json([?#]|$)/i.test(written));
}

/** The source for an API that lists records at this address, with proposals from its first answer. Throws the errors of its home if the API does not answer. */
export async function ofApi(written: string, surroundings: Surroundings): Promise<Source> {
  if (hasPassword(written) || secretKeysIn(written, false).length > 0)
    throw misplacedPassword(withoutCredentials(written), 'The sign-in to an API belongs below auth, in a variable: hygge docs apis.');
  const url = new URL(written);
  const [entity = '', ...before] = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .reverse();
  const name = plain(decodedPart(entity));
  const flow = plain(url.hostname.replace(/^(www|api)\./, ''));
  const connection: Keys = { type, base_url: [url.origin, ...before.reverse()].join('/') };
  const params = [...url.searchParams].map(([key, value]) => `${JSON.stringify(key)}: ${quotedScalar(value)}`);
  const home: Keys = {
    connection: flow,
    endpoint: entity === name ? { yaml: '"{entity}"' } : entity,
    ...(params.length === 0 ? {} : { params: { yaml: `{ ${params.join(', ')} }` } }),
  };
  const proposal = await proposalOf({ flow, name, home, connection }, surroundings);
  const suggested = proposal && proposalText(proposal, false);
  return {
    ...{ shown: `${url.origin}${url.pathname}`, flow, one: 'list', connection, variables: {}, leftOut: [], notTaken: () => [] },
    candidates: [{ name, kind: 'list', rows: null, bytes: null, proposed: 'everything', called: [name], schema: null }],
    flowOf: () => ({
      home: { ...home, ...keysOf(proposal) },
      run: [
        ...(suggested?.notes ?? []).map((note) => `# ${visible(note)}`),
        '# Everything each time.',
        'run_type: full_drop',
        ...incrementOf(suggested?.lines ?? []),
      ],
      entities: [{ name, home: {}, about: '' }],
    }),
  };
}

/** Lines of YAML, such as `records: data`, as keys. */
function keysOf(proposal: Proposal | undefined): Keys {
  const lines = [...(proposal?.home ?? []), ...(proposal?.increment?.home ?? [])];
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), { yaml: line.slice(line.indexOf(':') + 2) }]));
}

/** Lines of a proposal as comments, for keys next to `home`. The run type is left out, since the flow already has it. */
function incrementOf(lines: readonly string[]): readonly string[] {
  const beside = lines.filter((line) => !line.startsWith(' '));
  return beside.length === 0 ? [] : ['', ...beside.map((line) => (line.startsWith('#') ? line : `# ${line}`))];
}

async function proposalOf(
  { flow, name, home, connection }: { readonly flow: string; readonly name: string; readonly home: Keys; readonly connection: Keys },
  surroundings: Surroundings,
): Promise<Proposal | undefined> {
  const texts = {
    'hygge.yml': `name: hygge\nconnections:\n  ${flow}:\n${block(connection, 4).join('\n')}\n`,
    [`flows/${flow}/flow.yml`]: `home:\n${block(home, 2).join('\n')}\nstore: data/lake\nentities: [${JSON.stringify(name)}]\n`,
  };
  const { flows } = await loadWorkspace({
    directory: nowhere,
    env: surroundings.environment,
    date: realClock().now().slice(0, 10),
    connectors,
    files: withTexts({ ...workspaceFiles, list: async () => [] }, nowhere, texts),
    target: { ifAny: '' },
    flow,
    secrets: secretValuesOf(surroundings.network),
  });
  const spec = flows.flatMap((one) => one.entities).find(({ entity }) => entity === name);
  const propose = (await findConnector(type))?.home?.propose;
  if (spec === undefined || propose === undefined) throw new Error('a flow of an API has one entity, and suggests keys');
  try {
    return await withOpening({ root: nowhere }, surroundings, (opening) => propose(spec.home.config, { ...opening, entity: name }));
  } catch (error) {
    throw error instanceof HyggeError ? noAnswer(error) : error;
  }
}

/** The error for an API that does not return the list for a request with only the address. */
function noAnswer(error: HyggeError): ConfigError {
  const { what, why, cause } = error;
  return new ConfigError({
    code: 'HYG-1902',
    what,
    why,
    tryThis: [
      'Check the address: it must be the address of one list, as in the documentation of the API',
      'If the API asks for a sign-in or a header, write the flow, with auth or headers: hygge docs apis',
    ],
    cause,
  });
}
