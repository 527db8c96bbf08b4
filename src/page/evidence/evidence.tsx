import type { JSX } from 'preact';
import { SectionHeading } from '../parts/heading.js';
import { Facts } from './facts.js';
import { OpenQuestions } from './open_questions.js';
import { Reads } from './reads.js';
import { Tables } from './tables.js';

export function Evidence(): JSX.Element {
  return (
    <>
      <SectionHeading title="Evidence">
        What this report rests on: when it was read, by what, and how each read ended.
      </SectionHeading>
      <Facts />
      <OpenQuestions />
      <Tables />
      <Reads />
    </>
  );
}
