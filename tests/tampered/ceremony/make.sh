#!/bin/sh
# Makes base/ and receipts/ again, from keys/ and examples/ceremony/office: the same bytes, as long as the formats and the builder
# stay as they are. Run it where it lies; FOUREYES names the program.
set -eu
foureyes=${FOUREYES:-../../../target/debug/foureyes}
say() { "$foureyes" --quiet "$@" >/dev/null; }
planner="--keys keys/planner.secret" audit="--keys keys/audit.secret" officer="--keys keys/officer.secret"
rm -rf base receipts work keys/audit.seen
mkdir work
cp -r ../../../examples/ceremony/office work/office
sed -i 's/^tickets = 1000$/tickets = 8/' work/office/policy.toml

# The salts of a freeze are random. Here they are given, so that everything comes out the same: the folder of a freeze that a
# power cut kept from the ledger is gone on with.
frozen() {
    say open work/once --origin river.example/inspections --party keys/*.party $planner
    say freeze work/office work/once $planner
    mkdir -p base/frozen
    mv work/once/frozen/001 "base/frozen/00$1"
    printf '%064d\n' "$1" >"base/frozen/00$1/salt"
    rm -rf work/once
    say freeze work/office base $planner
}
nonce() { "$foureyes" --quiet keys nonce $officer --counter "$1"; }
cosign() { say cosign base $audit --now "2023-08-${1}Z"; }
signed() { # the command that proposes, the officer's signature, the command again
    say "$@" $planner || test $? -eq 1
    say cosign base $officer --proposal
    say "$@" $planner
}

say open base --origin river.example/inspections --party keys/*.party $planner
frozen 1
cosign 23T14:00:00
say receipt base --inputs --inspector jun --inspector ada --out receipts
say commit base --round 123 $planner
cosign 23T15:00:00
say draw base --beacon ../../../examples/ceremony/rounds/quicknet-123.json --nonce "$(nonce 1)" $planner
cosign 23T15:16:00
say receipt base --orders --out receipts
signed amend base --absent bao --from 2023-08-24 --to 2023-08-25 --evidence "the letter of a doctor, no. 17"
signed amend base --conflict fia --with establishment:w-1 --category kin --declared-on 2023-08-23 --evidence "her own declaration, no. 18"
cosign 23T15:17:00
say receipt base --orders --inspector gor --out receipts
echo "bao,2023-08-24,2023-08-25,sick" >>work/office/absences.csv
echo "fia,establishment,w-1,kin,,,2023-08-23" >>work/office/conflicts.csv
frozen 2
say commit base --round 500 $planner
cosign 23T15:20:00
signed void base --counter 2 --reason "The roster of the Friday was not the last one."
say commit base --round 1000 --fallback 6 --date 2023-08-23 --place "Town hall, River" $planner
cosign 23T15:30:00
say draw base --beacon ../../../examples/ceremony/rounds/quicknet-1000.json --nonce "$(nonce 3)" $planner
cosign 23T16:05:00
say executed base --date 2023-08-24 $planner
signed amend base --cancel v-4 --evidence "the car wash has closed, no. 19"
say disclose base --counter 1 --nonce "$(nonce 1)" $planner
cosign 24T18:00:00
rm -rf work base/ledger.lock base/urns keys/audit.seen
