//! What is published: canonical bytes, digests, the record folder.
