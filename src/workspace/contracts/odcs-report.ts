/** Messages about a data contract, for the person who wrote it. */
import { didYouMean } from '../../errors/did-you-mean.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import { type Spot, whereIs } from '../yaml/source.ts';
import { entry, type MapNode, type Tree } from '../yaml/tree.ts';

/** A statement about the data that hygge leaves to people and other tools. */
interface LeftOver {
  readonly what: string;
  readonly spot: Spot;
}

/** Keys whose content hygge reads, with a description of the content. */
const forms: ReadonlyMap<string, 'list' | 'map'> = new Map([
  ...['schema', 'properties', 'quality', 'customProperties', 'relationships', 'slaProperties'].map((key) => [key, 'list'] as const),
  ...['logicalTypeOptions', 'arguments'].map((key) => [key, 'map'] as const),
]);

/** Collects the problems of a data contract, and the parts that hygge does not check. */
export class OdcsReport {
  readonly problems: Problems;
  readonly #left: LeftOver[] = [];

  constructor(problems: Problems) {
    this.problems = problems;
  }

  /** Remembers a statement about the data that hygge does not check, for the one warning that lists them. */
  leave(what: string, spot: Spot): void {
    this.#left.push({ what, spot });
  }

  /** One warning that lists each statement that hygge does not check. @param object the name of the object in the file. */
  warnOfLeft(object: string): void {
    const [first] = this.#left;
    if (first === undefined) return;
    const lines = new Map<string, number[]>();
    for (const { what, spot } of this.#left) lines.set(what, [...(lines.get(what) ?? []), whereIs(spot).line]);
    const each = [...lines].map(([what, at]) => `${what} (line ${[...new Set(at)].sort((a, b) => a - b).join(', ')})`);
    const { name } = first.spot.source;
    this.problems.warn(
      `left in ${name} of ${object}`,
      `Not checked by hygge in the data contract of ${object}: ${each.join('; ')}.`,
      first.spot,
    );
  }

  /** A part of a data contract that concerns rows and that hygge cannot check. */
  noCounterpart(what: string, spot: Spot): void {
    this.problems.add({
      code: 'HYG-1103',
      what,
      why: ['If hygge ignored this part, it would look checked.'],
      tryThis: [
        'Remove this part, or keep it for another tool: `type: custom` with its `engine`.',
        `In a hygge contract, this part can be a rule: ${quoted('rules: [{ name: …, check: … }]')}.`,
      ],
      spot,
    });
  }

  /** Reports keys outside the standard, and keys whose value has the wrong type. */
  onlyKnown(tree: MapNode, keys: readonly string[], of: string): void {
    for (const [key, { value, spot }] of tree.entries) {
      const form = forms.get(key);
      if (form !== undefined && value.kind !== form && !(value.kind === 'scalar' && value.value === null) && keys.includes(key))
        this.problems.add({
          code: 'HYG-1011',
          what: `${quoted(key)} is a ${form}.`,
          why: ['If hygge ignored this part, it would look checked.'],
          tryThis: [form === 'list' ? `Write \`${key}: [{ … }]\`, or an entry a line.` : `Write \`${key}: { … }\`, or a key a line.`],
          spot,
        });
      if (keys.includes(key)) continue;
      const near = didYouMean(key, keys);
      this.problems.add({
        code: 'HYG-1010',
        what: `There is no key ${quoted(key)} in ${of}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
        tryThis: ['Correct the key. Keys that are not in the standard belong below `customProperties`.'],
        spot,
      });
    }
  }

  /** The value of a key that must be true or false. */
  isTrue(tree: Tree, key: string): boolean {
    const held = entry(tree, key);
    if (held === undefined) return false;
    const { value, spot } = held;
    if (value.kind === 'scalar' && (value.value === null || typeof value.value === 'boolean')) return value.value === true;
    this.problems.add({ code: 'HYG-1011', what: `${quoted(key)} is true or false.`, tryThis: [`Write \`${key}: true\`.`], spot });
    return false;
  }
}
