// Pupils of a class found by the first letters of their names.

/**
 * @typedef {object} Pupil
 * @property {number} number
 * @property {string} name
 * @property {string} standing what stands for the pupil, as the server compares it
 * @property {string} said the same in words
 */

const MAX_FOUND = 8;

/**
 * Return a text without capitals and accents, as names are compared.
 *
 * @param {string} text
 */
export function fold(text) {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

/** @param {string} text */
const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * Return the pupils of whose names each typed word begins a word, in the order of the list.
 *
 * @param {Pupil[]} pupils
 * @param {string} typed
 */
export function find(pupils, typed) {
  const parts = wordsOf(typed);
  if (!parts.length) return [];
  const found = pupils.filter(({ name }) => {
    const words = wordsOf(name);
    return parts.every((part) => words.some((word) => word.startsWith(part)));
  });
  return found.slice(0, MAX_FOUND);
}
