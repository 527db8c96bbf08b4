import type { Input, MemberRule, Problem } from './call.js';

/** The first violation of the model's constraints, or undefined. Unknown members are ignored, as AWS does. */
export function findProblem(input: Input, members: Readonly<Record<string, MemberRule>>): Problem | undefined {
  for (const [member, rule] of Object.entries(members)) {
    const value = input[member];
    if (value === undefined || value === null) {
      if (rule.required) return { member, value, constraint: 'required', rule };
      continue;
    }
    const problem = check(member, value, rule);
    if (problem) return problem;
  }
  return undefined;
}

function check(member: string, value: unknown, rule: MemberRule): Problem | undefined {
  const problem = (constraint: Problem['constraint']): Problem => ({ member, value, constraint, rule });
  switch (rule.type) {
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) return problem('type');
      if (rule.min !== undefined && value < rule.min) return problem('min');
      if (rule.max !== undefined && value > rule.max) return problem('max');
      return undefined;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : problem('type');
    case 'timestamp':
      return typeof value === 'number' ? undefined : problem('type');
    case 'string':
      if (typeof value !== 'string') return problem('type');
      if (rule.enum) return rule.enum.includes(value) ? undefined : problem('enum');
      if (rule.min !== undefined && value.length < rule.min) return problem('min_length');
      if (rule.max !== undefined && value.length > rule.max) return problem('max_length');
      return rule.pattern && !rule.pattern.test(value) ? problem('pattern') : undefined;
    case 'list': {
      if (!Array.isArray(value)) return problem('type');
      if (rule.min !== undefined && value.length < rule.min) return problem('min_length');
      if (rule.max !== undefined && value.length > rule.max) return problem('max_length');
      const { item } = rule;
      if (!item) return undefined;
      for (const entry of value as unknown[]) {
        const found = check(member, entry, item);
        if (found) return found;
      }
      return undefined;
    }
    case 'structure':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return problem('type');
      return rule.members ? findProblem(value as Input, rule.members) : undefined;
  }
}

/** How Coral services (STS) put it in a ValidationError. */
export function describeProblem({ member, value, constraint, rule }: Problem): string {
  const name = member.charAt(0).toLowerCase() + member.slice(1);
  const must: Record<Problem['constraint'], string> = {
    required: 'Member must not be null',
    type: `Member must be of type ${rule.type}`,
    pattern: `Member must satisfy regular expression pattern: ${(rule.pattern?.source ?? '').replace(/^\^\(\?:|\)\$$/g, '')}`,
    enum: `Member must satisfy enum value set: [${(rule.enum ?? []).join(', ')}]`,
    min: `Member must have value greater than or equal to ${rule.min ?? ''}`,
    max: `Member must have value less than or equal to ${rule.max ?? ''}`,
    min_length: `Member must have length greater than or equal to ${rule.min ?? ''}`,
    max_length: `Member must have length less than or equal to ${rule.max ?? ''}`,
  };
  const shown =
    value === undefined || value === null ? 'null' : `'${typeof value === 'string' ? value : JSON.stringify(value)}'`;
  return `1 validation error detected: Value ${shown} at '${name}' failed to satisfy constraint: ${must[constraint]}`;
}

export function text(input: Input, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
}

/** A member that the model requires; findProblem has run before. */
export function required(input: Input, member: string): string {
  const value = text(input, member);
  if (value === undefined) throw new Error(`the model of this operation does not require ${member}`);
  return value;
}
