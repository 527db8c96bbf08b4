import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Model } from '../model/model.js';
import type { Route } from '../route.js';

export interface PageState {
  readonly model: Model;
  readonly route: Route;
  /** Everything is laid out at once, without anything that has to be clicked. */
  readonly isPrinting: boolean;
  /** When it is looked at. */
  readonly now: number;
}

export const PageContext = createContext<PageState | null>(null);

export function usePage(): PageState {
  const state = useContext(PageContext);
  if (state === null) throw new Error('There is no page around this part of it.');
  return state;
}
