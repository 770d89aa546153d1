/** The primer: short chapters that end in an exercise. */
export const Primer = () => null;
