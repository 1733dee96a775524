// Verify one webhook as a Node receiver does: with createPublicKey, and with WebCrypto.
import { createHash, createPublicKey, verify, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";

const { jwks, headers, body } = JSON.parse(readFileSync(0, "utf8"));
const digest = createHash("sha256").update(Buffer.from(body, "base64")).digest("hex");
const message = Buffer.from(
  [
    headers["x-fal-webhook-request-id"],
    headers["x-fal-webhook-user-id"],
    headers["x-fal-webhook-timestamp"],
    digest,
  ].join("\n"),
);
const signature = Buffer.from(headers["x-fal-webhook-signature"], "hex");

const told = { createPublicKey: false, webcrypto: false };
for (const jwk of jwks.keys) {
  const key = createPublicKey({ key: jwk, format: "jwk" });
  told.createPublicKey ||= verify(null, message, key, signature);
  const imported = await webcrypto.subtle.importKey("jwk", jwk, { name: "Ed25519" }, false, ["verify"]);
  told.webcrypto ||= await webcrypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}
process.stdout.write(JSON.stringify(told));
