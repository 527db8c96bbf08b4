import type { Statement } from './manager_policy.js';
import { assumeStatement, type Parameter } from './roles.js';

export function provider(version: string): string {
  return `terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= ${version}"
    }
  }
}`;
}

export function variable({ name, description, fallback, pattern, expected }: Parameter): string {
  const own = snakeCase(name);
  return `variable "${own}" {
  description = ${quoted(description)}
  type        = string
${fallback === undefined ? '' : `  default     = ${quoted(fallback)}\n`}
  validation {
    condition     = can(regex(${quoted(pattern)}, var.${own}))
    error_message = ${quoted(`Expected ${expected}.`)}
  }
}`;
}

export function statementBlock({ Sid, Action, Resource }: Statement): string {
  return `  statement {
    sid       = ${quoted(Sid)}
    resources = [${quoted(Resource)}]

    actions = [
${Action.map((action) => `      ${quoted(action)},`).join('\n')}
    ]
  }`;
}

export function assumeBlock(assumes: Parameter): string {
  // The only place where a text of ours is to be read as a template.
  const { Sid, Action, Resource } = assumeStatement('${statement.value}');
  return `  dynamic "statement" {
    for_each = ${whereGiven(assumes)}

    content {
      sid       = ${quoted(Sid)}
      actions   = [${Action.map(quoted).join(', ')}]
      resources = ["${Resource}"]
    }
  }`;
}

export function whereGiven(parameter: Parameter): string {
  return `${ref(parameter)} == "" ? [] : [${ref(parameter)}]`;
}

export function ref({ name }: Parameter): string {
  return `var.${snakeCase(name)}`;
}

function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
}

/** https://developer.hashicorp.com/terraform/language/expressions/strings: escapes are those of JSON, and two more. */
export function quoted(text: string): string {
  return escaped(JSON.stringify(text));
}

export function escaped(text: string): string {
  // A function: in a text to replace with, `$$` is one dollar.
  return text.replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}

export function indented(text: string, spaces: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(spaces));
}

export function join(blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`;
}
