import { sameText } from './authorize.ts';
import { type Asked, NotDone, type Refusal, refuse } from './exchange.ts';

/** Version of the text that is signed. */
const since = '2020-12-06';

/** What is refused of a signed URL: of the account (`ss`), a filesystem, a folder or a file (`sr`). Undefined: it may. */
export function signatureHolds(asked: Asked, sign: (text: string) => string): Refusal | undefined {
  const { query } = asked;
  if ((query.get('sv') ?? '') < since) throw new NotDone(`a signature of version ${query.get('sv')}`);
  const ofAccount = query.has('ss');
  if (!sameText(sign(ofAccount ? accountText(asked) : resourceText(asked)), query.get('sig') ?? '')) return refuse('AuthenticationFailed');
  const now = Date.now();
  const over = now > Date.parse(query.get('se') ?? '') || now < Date.parse(query.get('st') ?? '1970-01-01');
  if (over) return refuse('AuthenticationFailed');
  if (ofAccount && !(query.get('ss') ?? '').includes('b')) return refuse('AuthorizationPermissionMismatch');
  const held = query.get('sp') ?? '';
  return rightsFor(asked).some((one) => held.includes(one)) ? undefined : refuse('AuthorizationPermissionMismatch');
}

const of = (asked: Asked, ...names: readonly string[]): string[] => names.map((name) => asked.query.get(name) ?? '');

const accountText = (asked: Asked): string =>
  [asked.account, ...of(asked, 'sp', 'ss', 'srt', 'st', 'se', 'sip', 'spr', 'sv', 'ses'), ''].join('\n');

function resourceText(asked: Asked): string {
  const kind = asked.query.get('sr');
  const place = `/blob/${asked.account}/${asked.filesystem}`;
  const depth = Number(asked.query.get('sdd') ?? 0);
  const folder = asked.path.split('/').slice(0, depth).join('/');
  const inside = new Map([
    ['c', place],
    ['b', `${place}/${asked.path}`],
    ['d', folder === '' ? place : `${place}/${folder}`],
  ]).get(kind ?? '');
  if (inside === undefined) throw new NotDone(`a signature of sr=${kind}`);
  const [sp, st, se, si, sip, spr, sv, sr, snapshot, ses] = of(asked, 'sp', 'st', 'se', 'si', 'sip', 'spr', 'sv', 'sr', 'snapshot', 'ses');
  return [sp, st, se, inside, si, sip, spr, sv, sr, snapshot, ses, ...of(asked, 'rscc', 'rscd', 'rsce', 'rscl', 'rsct')].join('\n');
}

/** Any of these letters lets the request pass. */
function rightsFor({ method, query, path, headers }: Asked): readonly string[] {
  if (method === 'GET' || method === 'HEAD') return path === '' ? ['l'] : ['r'];
  if (method === 'DELETE') return ['d'];
  if (headers['x-ms-rename-source'] !== undefined) return ['m', 'w'];
  if (method === 'PATCH') return query.get('action') === 'append' ? ['a', 'w'] : ['w'];
  return ['c', 'w'];
}
