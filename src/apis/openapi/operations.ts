/** The operations of a description that answer with JSON. For each `GET`, its parameters and its answer. */
import { type Description, isMembers, itemsIn, type Members, membersAt, textIn } from './description.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly isRequired: boolean;
  readonly schema: Members;
  readonly about: string;
}

export interface Operation {
  /** The path as in the description: `/orders/{id}/lines`. */
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  /** The schema of the operation’s answer. */
  readonly answer: unknown;
  /** The names of the answer’s headers, in lower case. */
  readonly headers: readonly string[];
}

const mostPaths = 20_000;

export function operationsOf(description: Description): readonly Operation[] {
  const paths = Object.entries(membersAt(description.root, 'paths') ?? {}).slice(0, mostPaths);
  return paths.flatMap(([path, item]): readonly Operation[] => {
    const whole = description.resolved(item);
    const get = description.resolved(whole?.get);
    if (whole === undefined || get === undefined || !/^\/[^?#]+$/.test(path)) return [];
    const answer = answerOf(get, description);
    if (answer === undefined) return [];
    const parameters = parametersOf([...itemsIn(whole, 'parameters'), ...itemsIn(get, 'parameters')], description);
    return [{ path, summary: textIn(get, 'summary') ?? textIn(get, 'operationId') ?? '', parameters, ...answer }];
  });
}

function answerOf(get: Members, description: Description): Pick<Operation, 'answer' | 'headers'> | undefined {
  const answers = membersAt(get, 'responses') ?? {};
  const status = ['200', '2XX', '2xx', 'default'].find((one) => Object.hasOwn(answers, one));
  const answer = status === undefined ? undefined : description.resolved(answers[status]);
  if (answer === undefined) return undefined;
  const headers = Object.keys(membersAt(answer, 'headers') ?? {}).map((name) => name.toLowerCase());
  if (description.isSwagger2) return answer.schema === undefined ? undefined : { answer: answer.schema, headers };
  const types = membersAt(answer, 'content') ?? {};
  const type = Object.keys(types).find((one) => /^(application\/([\w.-]+\+)?json|\*\/\*|text\/json)\b/i.test(one)) ?? '';
  const schema = membersAt(types, type)?.schema;
  return schema === undefined ? undefined : { answer: schema, headers };
}

/** The parameters of an operation. If two parameters have the same name, the later parameter counts, which belongs to the operation itself. */
function parametersOf(given: readonly unknown[], description: Description): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  for (const one of given) {
    const parameter = description.resolved(one);
    const [name, place] = [textIn(parameter, 'name'), textIn(parameter, 'in')];
    if (parameter === undefined || name === undefined || (place !== 'query' && place !== 'path')) continue;
    const content = Object.values(membersAt(parameter, 'content') ?? {})[0];
    // In Swagger 2, the parameter itself has the keys of its schema.
    const schema = description.schema(parameter.schema ?? (isMembers(content) ? content.schema : undefined)) ?? parameter;
    const about = textIn(parameter, 'description') ?? textIn(schema, 'description') ?? '';
    found.set(`${place} ${name}`, { name, in: place, isRequired: parameter.required === true, schema, about });
  }
  return [...found.values()];
}

/** The path of the first server, or the whole address of this server: `https://api.example.com/v2`. '': the root. */
export function serverOf(description: Description): string {
  const { root } = description;
  if (description.isSwagger2) {
    const [host, base = ''] = [textIn(root, 'host'), textIn(root, 'basePath')];
    return `${host === undefined ? '' : `https://${host}`}${base}`.replace(/\/+$/, '');
  }
  const [server] = itemsIn(root, 'servers');
  const variables = membersAt(server, 'variables') ?? {};
  const address = (textIn(server, 'url') ?? '').replace(/\{([^{}]+)\}/g, (whole, name) => textIn(variables[name], 'default') ?? whole);
  return address.replace(/\/+$/, '');
}
