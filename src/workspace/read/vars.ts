import { didYouMean } from '../../errors/did-you-mean.ts';
import type { SecretValues } from '../../ports/secrets/values.ts';
import { listed, type Problems, quoted } from '../yaml/problems.ts';
import { hidesScalar, isSecretKeyName } from '../yaml/secret-lines.ts';
import { hideSecrets, type Spot } from '../yaml/source.ts';
import { type MapNode, mapScalars, type Tree } from '../yaml/tree.ts';
import { parseTree } from '../yaml/yaml-tree.ts';
import { isReference } from './interpolate.ts';
import { mergeMappings, nested } from './merge.ts';

/** The values of `--var flow.<flow>.<path>=<yaml value>`, by flow, as a separate layer. Values stay as written: variables of the environment are not filled in, because a var may come from outside a shell. */
export function readVars(
  vars: readonly string[],
  flows: readonly string[],
  problems: Problems,
  secrets?: SecretValues,
): ReadonlyMap<string, MapNode> {
  const layers = new Map<string, MapNode>();
  for (const written of vars) {
    const read = readVar(written, flows, problems, secrets);
    if (read === undefined) continue;
    const before = layers.get(read.flow);
    layers.set(read.flow, before === undefined ? read.layer : mergeMappings(before, read.layer));
  }
  return layers;
}

function readVar(
  written: string,
  flows: readonly string[],
  problems: Problems,
  secrets: SecretValues | undefined,
): { readonly flow: string; readonly layer: MapNode } | undefined {
  const match = /^flow\.([^.=]+)\.([^=]+)=(.*)$/s.exec(written);
  const path = match?.[2]?.split('.') ?? [];
  const name = shownName(written, flows);
  const source = {
    name: `--var ${name}`,
    text: match?.[3] ?? '',
    hidden: path.some(isSecretKeyName) || hidesScalar(path.at(-1) ?? ''),
    keyless: true,
  };
  const spot: Spot = { source, offset: 0 };
  if (source.hidden) secrets?.add(source.text);
  if (match?.[1] === undefined || path.some((key) => key.trim() === '')) {
    problems.add({
      code: 'HYG-1060',
      what: `${quoted(`--var ${name}`)} is not understood.`,
      ...(name === unshown
        ? { why: ['The text does not begin with the path of a key and `=`. It is not shown, because it may be a secret value.'] }
        : {}),
      tryThis: ['Write `--var flow.<flow>.<path>=<yaml value>`, for example `--var flow.crm.store.path=/tmp/try`.'],
      spot,
    });
    return undefined;
  }
  const flow = match[1];
  if (!flows.includes(flow)) return unknownFlow(flow, flows, spot, problems);
  const value = source.text.trim() === '' ? nothing(spot) : parseTree(source, problems);
  if (value !== undefined) mapScalars(value, (scalar) => (isReference(scalar, problems) ? { ...scalar, isUnset: true } : scalar));
  return value === undefined ? undefined : { flow, layer: nested(path, value, spot) };
}

/** The text before the `=`, without secrets. Without a `=`, or if the text is not a path, the text may be a value, so it is hidden. */
function shownName(written: string, flows: readonly string[]): string {
  const at = written.indexOf('=');
  const path = at < 0 ? [] : written.slice(0, at).split('.');
  const [first = '', second] = path;
  const isPath = second !== undefined && (first === 'flow' || flows.includes(first)) && path.every((key) => key.length <= longestKey);
  return isPath ? hideSecrets(path.join('.')) : unshown;
}

const unshown = '***';
const longestKey = 64;

function unknownFlow(flow: string, flows: readonly string[], spot: Spot, problems: Problems): undefined {
  const near = didYouMean(flow, flows);
  problems.add({
    code: 'HYG-1061',
    what: `There is no flow ${quoted(flow)}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    tryThis: [flows.length === 0 ? 'Add a flow first.' : `The flows are ${listed(flows)}.`],
    spot,
  });
  return undefined;
}

function nothing(spot: Spot): Tree {
  return { kind: 'scalar', value: null, text: '', shown: '', fromVariable: false, spot };
}
