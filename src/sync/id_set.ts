/**
 * Ids of 16 bytes that were there before. Next to each other in one array: a Set of strings would take six times the
 * memory, and that for every row of a sync.
 */
export class IdSet {
  #words = new Uint32Array(4 * 1024);
  #size = 0;

  has(id: Uint8Array): boolean {
    return this.#isTaken(this.#words, this.#placeOf(this.#words, wordsOf(id)));
  }

  add(id: Uint8Array): void {
    if (this.#size * 4 >= (this.#words.length / 4) * 3) this.#grow();
    const place = this.#placeOf(this.#words, wordsOf(id));
    if (this.#isTaken(this.#words, place)) return;
    this.#words.set(wordsOf(id), place);
    this.#size++;
  }

  /** The third word of a UUID is never 0: its first two bits name the variant. */
  #isTaken(table: Uint32Array, place: number): boolean {
    return table[place + 2] !== 0;
  }

  /** Where the id is, or would be. The words of a hash are as good as a hash of them. */
  #placeOf(table: Uint32Array, [first, second, third, fourth]: Words): number {
    const mask = table.length / 4 - 1;
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      const place = slot * 4;
      if (!this.#isTaken(table, place)) return place;
      if (
        table[place] === first &&
        table[place + 1] === second &&
        table[place + 2] === third &&
        table[place + 3] === fourth
      ) {
        return place;
      }
    }
  }

  #grow(): void {
    const larger = new Uint32Array(this.#words.length * 2);
    for (let place = 0; place < this.#words.length; place += 4) {
      const [first = 0, second = 0, third = 0, fourth = 0] = this.#words.subarray(place, place + 4);
      if (third !== 0)
        larger.set([first, second, third, fourth], this.#placeOf(larger, [first, second, third, fourth]));
    }
    this.#words = larger;
  }
}

type Words = readonly [number, number, number, number];

function wordsOf(id: Uint8Array): Words {
  const view = new DataView(id.buffer, id.byteOffset, 16);
  return [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)];
}
