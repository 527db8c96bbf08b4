/** AWS's own have so many characters at least. What is shorter is a word, and to hide it would tear messages apart. */
const shortest = 16;

// Access key IDs, and tokens of IAM Identity Center or another identity provider, whoever they belong to.
const shapes = /\b(A[KS]IA[A-Z2-7]{12,}|eyJ[\w-]+\.[\w-]+\.[\w-]*)/g;

/**
 * What this process signs its requests with, to keep it out of what it says: AWS quotes the access key ID and the headers of
 * a request that it refuses, and the SDK the command of a `credential_process`.
 */
export class Secrets {
  readonly #known = new Set<string>();

  add(...values: readonly (string | undefined)[]): void {
    for (const value of values) {
      if (value === undefined || value.length < shortest) continue;
      for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]) this.#known.add(form);
    }
  }

  hide(text: string): string {
    let result = text;
    for (const value of this.#known) result = result.replaceAll(value, hidden);
    return result.replace(shapes, hidden);
  }
}

const hidden = '(hidden)';
