import type { Connector, RemotePaths } from '../../engine/contracts/connector.ts';
import { namesSecret } from '../../ports/secret.ts';
import { fillTemplates } from '../read/interpolate.ts';
import { quoted } from '../yaml/problems.ts';
import { whereIs } from '../yaml/source.ts';
import { type Entry, entry, type MapNode, type Scalar, textAt } from '../yaml/tree.ts';
import { isUrl, type PathPieces, standsAlone } from './paths.ts';
import type { SideRequest } from './side.ts';
import { formsOf, typeOfUrl } from './side-type.ts';

/** The paths of a side after its URL is parsed. */
export interface LocatedPieces {
  /** Paths inside the container. A path that is not relative to another path begins with `/`. */
  readonly pieces: PathPieces;
  /** Values of the connector's own keys that come from the URL. */
  readonly keys: readonly (readonly [string, Entry])[];
}

interface LocateRequest {
  readonly request: SideRequest;
  readonly tree: MapNode;
  readonly type: Pick<Scalar, 'text' | 'shown' | 'spot'>;
  /** The URLs of the connector; undefined: the connector has no URLs of its own. */
  readonly remote: RemotePaths | undefined;
  /** All connectors. */
  readonly known: readonly Connector[];
}

/** Parses the URL of a home or store; undefined: the problem was reported. */
export function locatePieces(locating: LocateRequest): LocatedPieces | undefined {
  const { request, remote } = locating;
  const { flow, own, override } = request.pieces;
  const above = override ?? flow;
  const mine = override !== undefined && own !== undefined && standsAlone(own.text) ? undefined : own;
  const alone = mine !== undefined && (above === undefined || standsAlone(mine.text));
  const lead = alone ? mine : above;
  // If the flow’s path is a URL, an absolute path of the entity is a path inside the container of this URL.
  const naming = [lead, ...(remote === undefined ? [] : [above])].find((piece) => piece !== undefined && isUrl(piece.text));
  if (naming === undefined || isFile(naming.text)) return withDefault(locating, { pieces: request.pieces, keys: [] });
  if (remote === undefined) return takesNoUrl(locating, naming) ? undefined : { pieces: request.pieces, keys: [] };
  const located = locate(locating, naming, remote);
  if (located === undefined) return undefined;
  const keys = located.keys.map(([key, text]) => [key, heldBy(naming, text)] as const);
  if (!agree(locating, naming, keys)) return undefined;
  if (lead !== naming) return { pieces: request.pieces, keys };
  const inside = { ...naming, value: located.path, text: located.path };
  const whole = { flow: undefined, own: undefined, override: undefined, plain: request.pieces.plain };
  const pieces = alone ? { ...whole, own: inside } : { ...whole, flow: inside, own: mine };
  return located.path === '/' ? withDefault(locating, { pieces, keys }) : { pieces, keys };
}

function isFile(url: string): boolean {
  return /^file:\/\//i.test(url);
}

/** If no path is written, the connector may have a default. */
function withDefault({ tree, remote }: LocateRequest, found: LocatedPieces): LocatedPieces {
  const { flow, own, override, plain } = found.pieces;
  const written = override ?? own ?? flow;
  if (remote?.defaultPath === undefined || (written !== undefined && written.text !== '/')) return found;
  const texts = [...tree.entries, ...found.keys].flatMap(([key, { value }]) =>
    value.kind === 'scalar' && value.value !== null && !namesSecret(key) ? [[key, value.text] as const] : [],
  );
  const path = remote.defaultPath(Object.fromEntries(texts));
  if (path === undefined) return found;
  const spot = written?.spot ?? tree.spot;
  return { ...found, pieces: { flow: textAt(spot, path), own: undefined, override: undefined, plain } };
}

/** A URL that does not match the type of the home or store. For the type `local`: any URL. */
function takesNoUrl(locating: LocateRequest, url: Scalar): boolean {
  const meant = typeOfUrl(url.text, locating.known);
  if (meant === locating.type.text) return false;
  contradicts(locating, url, meant);
  return true;
}

function contradicts({ request, type }: LocateRequest, url: Scalar, meant: string | undefined): undefined {
  const where = whereIs(type.spot);
  request.problems.add({
    code: 'HYG-1032',
    what: `The path ${quoted(url.shown)} of the ${request.side} is a path of type ${quoted(meant ?? '')}, but its \`type\` is ${quoted(type.text)}.`,
    why: [`The type is in ${where.file}, line ${where.line}.`],
    tryThis: [`Write \`type: ${meant}\`, or leave \`type\` out: the URL shows it.`, 'Or correct the path.'],
    spot: url.spot,
  });
}

interface InContainer {
  readonly keys: readonly (readonly [string, string])[];
  /** The path inside the container, which begins with `/`. */
  readonly path: string;
}

function locate(locating: LocateRequest, url: Scalar, remote: RemotePaths): InContainer | undefined {
  const { request, type } = locating;
  const meant = typeOfUrl(url.text, locating.known);
  if (isWeb(url.text) && /[?#]/.test(url.text)) return hasQuery(request, url);
  const { hidden, shownAgain } = withoutTemplates(url.text);
  const found = remote.locate(hidden);
  if (found === undefined && meant !== undefined && meant !== type.text && formsOf(meant, locating.known).length > 0)
    return contradicts(locating, url, meant);
  if (found === undefined) return notUnderstood(locating, url);
  const keys = Object.entries(found.keys);
  const filled = keys.find(([, text]) => shownAgain(text) !== text);
  if (filled !== undefined) return templateOutside(request, url, filled[0]);
  return { keys, path: `/${shownAgain(found.path).replace(/^\/+/, '')}` };
}

function isWeb(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

/** While a URL is parsed, letters replace each template, because names of containers have no braces. */
function withoutTemplates(url: string): { readonly hidden: string; shownAgain(text: string): string } {
  let mark = 'hyggetemplate';
  while (url.toLowerCase().includes(mark)) mark += 'x';
  const stand: readonly (readonly [string, string])[] = ['entity', 'flow', 'date'].map((name) => [`{${name}}`, `${mark}${name}`]);
  return {
    hidden: stand.reduce((text, [template, letters]) => text.replaceAll(template, letters), url),
    shownAgain: (text) => stand.reduce((all, [template, letters]) => all.replaceAll(letters, template), text),
  };
}

function notUnderstood({ request: { side, problems }, type: { text: type }, known }: LocateRequest, url: Scalar): undefined {
  const [form, ...others] = formsOf(type, known);
  problems.add({
    code: 'HYG-1032',
    what: `The path ${quoted(url.shown)} of the ${side} is not a URL that type ${quoted(type)} understands.`,
    tryThis: [
      form === undefined
        ? 'Write the path inside the container, and the container’s name in a key of its own.'
        : `Write it as ${[form, ...others].map(quoted).join(' or ')}.`,
    ],
    spot: url.spot,
  });
}

function hasQuery({ side, problems }: SideRequest, url: Scalar): undefined {
  const [sign = '?'] = /[?#]/.exec(url.text) ?? [];
  problems.add({
    code: 'HYG-1032',
    what: `The path of the ${side} is an address with ${quoted(sign)} in it, so the text after this sign would not be part of the path.`,
    tryThis: [
      `In an address of the web, a ${quoted(sign)} that belongs to a name is written ${quoted(encodeURIComponent(sign))}.`,
      'A pattern with `?` is written with a scheme of its own, such as `abfss://`: there every character means itself.',
    ],
    spot: url.spot,
    hideFrom: url.spot.source.keyless ? 0 : url.spot.offset,
  });
}

function templateOutside({ side, problems }: SideRequest, url: Scalar, key: string): undefined {
  problems.add({
    code: 'HYG-1035',
    what: `The ${quoted(key)} in the path ${quoted(url.shown)} of the ${side} contains a template.`,
    why: ['hygge keeps the records of a flow in one container, and does not create containers.'],
    tryThis: ['Use the template in a folder: `s3://bucket/{entity}`.', 'Or write a URL of its own for each entity.'],
    spot: url.spot,
  });
}

function heldBy(url: Scalar, text: string): Entry {
  const value = { ...url, value: text, text, shown: url.fromVariable ? url.shown : text };
  return { spot: url.spot, value, weight: 'explicit' };
}

/** A value in both the URL and a key must be the same. A key from `defaults` is dropped, as always. */
function agree({ request, tree }: LocateRequest, url: Scalar, keys: readonly (readonly [string, Entry])[]): boolean {
  const before = request.problems.count;
  for (const [key, located] of keys) {
    const written = entry(tree, key);
    if (written === undefined || written.weight === 'default') continue;
    const said = written.value.kind === 'scalar' ? written.value : undefined;
    const named = located.value.kind === 'scalar' ? located.value : url;
    if (said !== undefined && alike(fillTemplates(said.text, request.templates), named.text)) continue;
    const where = whereIs(written.value.spot);
    request.problems.add({
      code: 'HYG-1033',
      what: `The path ${quoted(url.shown)} of the ${request.side} and its ${quoted(key)} name two different places.`,
      why: [
        `The URL has ${quoted(named.shown)}; ${quoted(key)}${said === undefined ? '' : ` is ${quoted(said.shown)}`} in ${where.file}, line ${where.line}.`,
      ],
      tryThis: [`Remove ${quoted(key)}: the URL names it.`, 'Or write only the path inside the container.'],
      spot: url.spot,
    });
  }
  return request.problems.count === before;
}

function alike(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => text.replace(/\/+$/, ''));
  return one === other || (isUrl(a) && one?.toLowerCase() === other?.toLowerCase());
}
