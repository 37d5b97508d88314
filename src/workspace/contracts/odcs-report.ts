/** What is said of a data contract to the person who wrote it. */
import { didYouMean } from '../../errors/did-you-mean.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import { type Spot, whereIs } from '../yaml/source.ts';
import { entry, type MapNode, type Tree } from '../yaml/tree.ts';

/** A statement about the data that hygge leaves to people and other tools. */
interface LeftOver {
  readonly what: string;
  readonly spot: Spot;
}

/** Keys whose content hygge looks at, and what it is. */
const forms: ReadonlyMap<string, 'list' | 'map'> = new Map([
  ...['schema', 'properties', 'quality', 'customProperties', 'relationships', 'slaProperties'].map((key) => [key, 'list'] as const),
  ...['logicalTypeOptions', 'arguments'].map((key) => [key, 'map'] as const),
]);

/** Problems of a data contract, and what of it is not judged. */
export class OdcsReport {
  readonly problems: Problems;
  readonly #left: LeftOver[] = [];

  constructor(problems: Problems) {
    this.problems = problems;
  }

  /** Keeps a statement about the data that is not judged, for the one warning that names them. */
  leave(what: string, spot: Spot): void {
    this.#left.push({ what, spot });
  }

  /** One warning with each line that is not judged. @param object the name of the object in the file. */
  warnOfLeft(object: string): void {
    const [first] = this.#left;
    if (first === undefined) return;
    const lines = new Map<string, number[]>();
    for (const { what, spot } of this.#left) lines.set(what, [...(lines.get(what) ?? []), whereIs(spot).line]);
    const each = [...lines].map(([what, at]) => `${what} (line ${[...new Set(at)].sort((a, b) => a - b).join(', ')})`);
    const { name } = first.spot.source;
    this.problems.warn(
      `left in ${name} of ${object}`,
      `Not judged by hygge in the data contract of ${object}: ${each.join('; ')}.`,
      first.spot,
    );
  }

  /** A part of a data contract that concerns rows and that hygge cannot judge. */
  noCounterpart(what: string, spot: Spot): void {
    this.problems.add({
      code: 'HYG-1103',
      what,
      why: ['To pass over it would look as if it were checked.'],
      tryThis: [
        'Remove it, or keep it for another tool: `type: custom` with its `engine`.',
        `In a contract of hygge's own it can be a rule: ${quoted('rules: [{ name: …, check: … }]')}.`,
      ],
      spot,
    });
  }

  /** Of the standard's keys only, each in its form. */
  onlyKnown(tree: MapNode, keys: readonly string[], of: string): void {
    for (const [key, { value, spot }] of tree.entries) {
      const form = forms.get(key);
      if (form !== undefined && value.kind !== form && !(value.kind === 'scalar' && value.value === null) && keys.includes(key))
        this.problems.add({
          code: 'HYG-1011',
          what: `${quoted(key)} is a ${form}.`,
          why: ['To pass over it would look as if it were checked.'],
          tryThis: [form === 'list' ? `Write \`${key}: [{ … }]\`, or an entry a line.` : `Write \`${key}: { … }\`, or a key a line.`],
          spot,
        });
      if (keys.includes(key)) continue;
      const near = didYouMean(key, keys);
      this.problems.add({
        code: 'HYG-1010',
        what: `There is no key ${quoted(key)} in ${of}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
        tryThis: ['Correct it; what is not in the standard belongs below `customProperties`.'],
        spot,
      });
    }
  }

  /** A key that is true or false. */
  isTrue(tree: Tree, key: string): boolean {
    const held = entry(tree, key);
    if (held === undefined) return false;
    const { value, spot } = held;
    if (value.kind === 'scalar' && (value.value === null || typeof value.value === 'boolean')) return value.value === true;
    this.problems.add({ code: 'HYG-1011', what: `${quoted(key)} is true or false.`, tryThis: [`Write \`${key}: true\`.`], spot });
    return false;
  }
}
