//! Trusted Types: the pages' policy lets no script make code or markup from text. Only the addresses
//! of workers pass, and only through here, since no second policy of this name can be made.

interface Policy {
  createScriptURL(address: string): string;
}

/** Not every engine has them, and TypeScript does not know them. */
const { trustedTypes } = globalThis as {
  trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
};

const rules: Policy = { createScriptURL: (address) => address };
const policy = trustedTypes?.createPolicy("cek-nik", rules) ?? rules;

/** The address of a script of the page, as the constructor of a worker takes it. */
export const scriptAddress = (address: string): string => policy.createScriptURL(address);
