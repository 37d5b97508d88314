/** A checked manifest: the keys that a home or a connection of its system can leave out. */
import type { Connector } from '../../engine/contracts/connector.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { check } from '../check/check.ts';
import { foreignVariable, variablePrefix, variablesIn, type WrittenManifest } from '../read/manifests.ts';
import { mergeMappings } from '../read/merge.ts';
import { isSignInKey, manifestSchema, shapeOf, signInKeys } from '../schema/manifest-schema.ts';
import { type Connectors, everyConnector } from '../sides/side-type.ts';
import { listed, type Problems, quoted } from '../yaml/problems.ts';
import { child, entry, type MapNode, mapping, mapScalars, textOf, withEntry, without } from '../yaml/tree.ts';

export interface Manifest {
  readonly name: string;
  /** The connector that reads the system. */
  readonly connector: Connector;
  /** The name of the system for people. */
  readonly system: string;
  readonly summary: string | undefined;
  readonly verifiedAgainst: string | undefined;
  /** Defaults for every entity: keys of the home, and `watermark`. */
  readonly defaults: MapNode;
  /** The defaults of single entities, by the entity’s name at the source. */
  readonly entities: ReadonlyMap<string, ManifestEntity>;
}

export interface ManifestEntity {
  readonly summary: string | undefined;
  /** Keys of the home and `watermark`. */
  readonly tree: MapNode;
}

/** Checks a manifest; undefined: the problem with the manifest was reported. */
export async function checkManifest(written: WrittenManifest, connectors: Connectors, problems: Problems): Promise<Manifest | undefined> {
  const before = problems.count;
  const { name, tree } = written;
  if (tree === undefined) {
    written.tell(problems);
    return undefined;
  }
  if (connectors.types().includes(name)) return nameTaken(written, tree, problems);
  const connector = await connectorOf(tree, connectors, problems);
  const schema = connector && manifestSchema(connector);
  if (connector === undefined || schema === undefined) return undefined;
  refuseVariables(written, tree, problems);
  if (written.isOwn) refuseIdentity(written.name, child(tree, 'auth'), problems);
  const subject = { name: `the manifest ${quoted(written.source.name)}`, spot: tree.spot, prefix: [] };
  // Connections and homes check the sign-in after its variables are filled in.
  const checked = check(schema, merged(without(tree, ...signInKeys)), subject, problems)?.value;
  if (problems.count > before || checked === undefined) return undefined;
  const { system, summary, verified_against: verifiedAgainst } = checked;
  const entities = asMap(child(tree, 'entities'), tree);
  return {
    ...{ name, connector, system, summary, verifiedAgainst },
    defaults: asMap(child(tree, 'defaults'), tree),
    entities: new Map(
      [...entities.entries].map(([entity, { value }]) => {
        const own = asMap(value, tree);
        return [entity, { summary: textOf(own, 'summary'), tree: without(own, 'summary') }] as const;
      }),
    ),
  };
}

/** Rejects keys that would send the token of this machine’s identity elsewhere than to the API, or send a file of the machine. */
function refuseIdentity(name: string, auth: ReturnType<typeof child>, problems: Problems): void {
  if (textOf(auth, 'type') !== 'entra') return;
  for (const key of ['scope', 'resource', 'client_certificate_path']) {
    const held = entry(auth, key);
    if (held !== undefined)
      problems.add({
        code: 'HYG-1064',
        what: `${quoted(key)} can't be in the manifest of ${quoted(name)}: its token is for the origin of ${quoted('base_url')} alone.`,
        tryThis: [`Remove the key, or set ${quoted('auth')} in a connection of type ${quoted(name)}.`],
        spot: held.spot,
      });
  }
}

/** The manifest with its entities merged over its defaults: an entity and the defaults may each have a part of a key such as `pagination`. */
function merged(tree: MapNode): MapNode {
  const [defaults, entities] = [child(tree, 'defaults'), entry(tree, 'entities')];
  if (defaults?.kind !== 'map' || entities?.value.kind !== 'map') return tree;
  const whole = [...entities.value.entries].map(([name, { value, ...held }]) => {
    return [name, { ...held, value: value.kind === 'map' ? mergeMappings(defaults, value, leftOfAnotherType) : value }] as const;
  });
  return withEntry(tree, 'entities', { ...entities, value: mapping(entities.value.spot, whole) });
}

/** The key for the number of records in a page, which has the same meaning in every kind of pagination. */
const ofAnyKind = ['page_size', 'size_param'];

/** If two maps have different values of `type`, such as two kinds of pagination, only the page size of the lower map is kept. Undefined: the types are equal. */
export function leftOfAnotherType(under: MapNode, over: MapNode): MapNode | undefined {
  const type = textOf(over, 'type');
  if (type === undefined || type === textOf(under, 'type')) return undefined;
  const keys = type === 'none' || ofAnyKind.some((key) => over.entries.has(key)) ? [] : ofAnyKind;
  return mapping(
    under.spot,
    [...under.entries].filter(([key]) => keys.includes(key)),
  );
}

function asMap(held: ReturnType<typeof child>, { spot }: MapNode): MapNode {
  return held?.kind === 'map' ? held : mapping(spot);
}

async function connectorOf(tree: MapNode, connectors: Connectors, problems: Problems): Promise<Connector | undefined> {
  const type = textOf(tree, 'type');
  const found = type === undefined ? undefined : await connectors.find(type);
  if (found !== undefined && shapeOf(found) !== undefined) return found;
  const types = (await everyConnector(connectors)).filter((one) => shapeOf(one) !== undefined).map(({ id }) => id);
  const near = type === undefined ? undefined : didYouMean(type, types);
  problems.add({
    code: type === undefined ? 'HYG-1012' : 'HYG-1013',
    what:
      type === undefined
        ? `${quoted('type')} is missing: a manifest must name the connector that reads the API.`
        : `${quoted('type')} of a manifest can't be ${quoted(type)}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    tryThis: [`The types are ${listed(types)}.`],
    spot: entry(tree, 'type')?.value.spot ?? tree.spot,
  });
  return undefined;
}

function nameTaken({ name, source }: WrittenManifest, { spot }: MapNode, problems: Problems): undefined {
  problems.add({
    code: 'HYG-1066',
    what: `The manifest ${quoted(source.name)} has the name of a connector: ${quoted(`type: ${name}`)} already means something.`,
    tryThis: [`Rename the file, because its name is the type of the system.`],
    spot,
  });
  return undefined;
}

/** Variables may hold secrets, so a manifest may only use the variables of its own sign-in. */
function refuseVariables(written: WrittenManifest, tree: MapNode, problems: Problems): void {
  const { name } = written;
  const prefix = variablePrefix(name);
  mapScalars(tree, (scalar, [key = '']) => {
    const isSignIn = isSignInKey(key);
    const variable = isSignIn ? foreignVariable(written, scalar.value) : variablesIn(String(scalar.value))[0];
    if (variable !== undefined)
      problems.add({
        code: 'HYG-1064',
        what: isSignIn
          ? `The variable ${quoted(variable)} can't be in the manifest of ${quoted(name)}: its variables begin with ${quoted(prefix)}.`
          : `A variable is in ${quoted(key)}, and a manifest can have variables only in ${listed(signInKeys)}.`,
        tryThis: [
          isSignIn
            ? `Name it ${quoted(`\${${prefix}${variable}}`)}, or set ${quoted(key)} in a connection of type ${quoted(name)}.`
            : 'Write the value itself, or set the key in the flow.',
        ],
        spot: scalar.spot,
      });
    return scalar;
  });
}
