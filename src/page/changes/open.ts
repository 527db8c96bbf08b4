import type { PageChange } from '../../report/page_data.js';

/** Significant, and nobody has approved it. */
export const isOpen = ({ isSignificant, approvedBy }: PageChange): boolean => isSignificant && approvedBy === null;
