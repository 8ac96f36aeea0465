use super::diff;
use crate::finding::text;
use vigie_contract::graphql::read;

/// What is told, one line each: `Kind operation place: old -> new`.
fn told(old: &str, new: &str) -> Vec<String> {
    let schema = |text| read(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let told = diff(&schema(old), &schema(new)).into_iter().map(|deviation| {
        let (old, new) = (text(&deviation.expected), text(&deviation.observed));
        let place = format!("{} {}", deviation.operation, deviation.location);
        format!("{:?} {}: {old} -> {new}", deviation.kind, place.trim_end())
    });
    told.collect()
}

/// The same of two types `T` that the one query answers with.
fn told_of_answer(old: &str, new: &str) -> Vec<String> {
    told(&format!("type Query {{ t: T }} type T {{ {old} }}"), &format!("type Query {{ t: T }} type T {{ {new} }}"))
}

/// The same of two input objects `I` that the one query takes.
fn told_of_request(old: &str, new: &str) -> Vec<String> {
    let schema = |fields: &str| format!("type Query {{ t(i: I): Int }} input I {{ {fields} }}");
    told(&schema(old), &schema(new))
}

#[test]
fn order_descriptions_and_what_every_schema_has_say_nothing() {
    let old = "type Query { a(x: Int, y: Int): T  b: U } union U = T | V  type T implements I & J { n: Int }
        type V { n: Int } interface I { n: Int } interface J { n: Int }";
    let new = r#""""What it is.""" schema @d { query: Query } directive @d on SCHEMA scalar Int
        interface J { n: Int } interface I { "A number." n: Int } type V { n: Int } union U = V | T
        type T implements J & I { n: Int } type Query { b: U  a(y: Int, "An x." x: Int): T }"#;
    assert!(told(old, new).is_empty(), "{:?}", told(old, new));
}

#[test]
fn the_fields_of_root_types_are_operations() {
    let old = "type Query { a: Int  b: Int } type Mutation { c: Int }";
    let new = "type Query { a: Int @deprecated  z: String } type Mutation { c: Int } type Subscription { d: Int }";
    assert_eq!(
        told(old, new),
        [
            "OperationRemoved query b: b -> null",
            "OperationAdded query z: null -> z",
            "OperationDeprecatedChanged query a: false -> true",
            "OperationAdded subscription d: null -> d",
        ]
    );
}

#[test]
fn a_root_type_of_another_name_has_the_same_operations() {
    assert!(told("type Query { a: Int }", "schema { query: Queries } type Queries { a: Int }").is_empty());
}

#[test]
fn an_answer_of_an_operation_is_told_at_the_operation() {
    assert_eq!(
        told("type Query { a: Int! }", "type Query { a: Int }"),
        ["ResponseNullableAdded query a answer: false -> true"]
    );
    assert_eq!(
        told("type Query { a: Int }", "type Query { a: [Int] }"),
        ["ResponseTypeChanged query a answer: Int -> [Int]"]
    );
}

#[test]
fn arguments_of_operations() {
    for (old, new, expected) in [
        ("", "(x: Int!)", "ParameterAddedRequired query a argument:x: null -> required"),
        ("", "(x: Int! = 1)", "ParameterAddedOptional query a argument:x: null -> optional"),
        ("(x: Int)", "", "ParameterRemoved query a argument:x: optional -> null"),
        ("(x: Int)", "(x: Int!)", "ParameterBecameRequired query a argument:x: false -> true"),
        ("(x: Int!)", "(x: Int! = 1)", "ParameterBecameOptional query a argument:x: true -> false"),
        ("(x: Int! = 1)", "(x: Int = 1)", "RequestNullableAdded query a argument:x: false -> true"),
        ("(x: Int = 1)", "(x: Int! = 1)", "RequestNullableRemoved query a argument:x: true -> false"),
        ("(x: [Int])", "(x: [Int!])", "RequestNullableRemoved query a argument:x[]: true -> false"),
        ("(x: Int = 1)", "(x: Int = 2)", "RequestDefaultChanged query a argument:x: 1 -> 2"),
        ("(x: Int)", "(x: Float)", "RequestTypeChanged query a argument:x: Int -> Float"),
        ("(x: Int)", "(x: [Int])", "RequestTypeChanged query a argument:x: Int -> [Int]"),
        ("(x: Int)", "(x: Int @deprecated)", "ParameterDeprecatedChanged query a argument:x: false -> true"),
    ] {
        let schema = |arguments: &str| format!("type Query {{ a{arguments}: Int }}");
        assert_eq!(told(&schema(old), &schema(new)), [expected]);
    }
}

#[test]
fn arguments_of_other_fields_are_told_at_the_field() {
    assert_eq!(told_of_answer("f: Int", "f(x: [Int]!): Int"), ["ParameterAddedRequired * T.f(x): null -> required"]);
    assert_eq!(
        told_of_answer("f(x: [Int]): Int", "f(x: [Int!]): Int"),
        ["RequestNullableRemoved * T.f(x)[]: true -> false"]
    );
}

#[test]
fn fields_of_answers() {
    for (old, new, expected) in [
        ("a: Int", "a: Int f: [Int!]!", "ResponsePropertyAdded * T.f: null -> [Int!]!"),
        ("a: Int f: Int", "a: Int", "ResponsePropertyRemoved * T.f: Int -> null"),
        ("a: Int!", "a: Int", "ResponseNullableAdded * T.a: false -> true"),
        ("a: Int", "a: Int!", "ResponseNullableRemoved * T.a: true -> false"),
        ("a: [[Int!]]", "a: [[Int]]", "ResponseNullableAdded * T.a[][]: false -> true"),
        ("a: [Int]", "a: [Int!]", "ResponseNullableRemoved * T.a[]: true -> false"),
        ("a: Int", "a: String", "ResponseTypeChanged * T.a: Int -> String"),
        ("a: Float!", "a: Int!", "ResponseTypeNarrowed * T.a: Float! -> Int!"),
        ("a: Int", "a: Int @deprecated(reason: \"r\")", "PropertyDeprecatedChanged * T.a: false -> true"),
    ] {
        assert_eq!(told_of_answer(old, new), [expected]);
    }
}

#[test]
fn a_narrower_type_does_not_hide_a_null() {
    let told = told_of_answer("a: Float!", "a: Int");
    assert_eq!(told, ["ResponseTypeNarrowed * T.a: Float! -> Int", "ResponseNullableAdded * T.a: false -> true"]);
}

#[test]
fn fields_of_requests() {
    for (old, new, expected) in [
        ("a: Int", "a: Int f: Int!", "RequestPropertyAddedRequired * I.f: null -> required"),
        ("a: Int", "a: Int f: Int", "RequestPropertyAddedOptional * I.f: null -> optional"),
        ("a: Int f: Int!", "a: Int", "RequestPropertyRemoved * I.f: required -> null"),
        ("a: Int", "a: Int!", "RequestPropertyBecameRequired * I.a: false -> true"),
        ("a: Int!", "a: Int", "RequestPropertyBecameOptional * I.a: true -> false"),
        ("a: [Int!]", "a: [Int]", "RequestNullableAdded * I.a[]: false -> true"),
        ("a: Int = 1", "a: Int", "RequestDefaultChanged * I.a: 1 -> null"),
        ("a: Int", "a: String", "RequestTypeChanged * I.a: Int -> String"),
        ("a: Int", "a: Int @deprecated", "PropertyDeprecatedChanged * I.a: false -> true"),
    ] {
        assert_eq!(told_of_request(old, new), [expected]);
    }
}

#[test]
fn words_of_an_enum_are_told_in_each_direction_in_which_it_is_used() {
    let answer = |words: &str| format!("type Query {{ e: E }} enum E {{ {words} }}");
    assert_eq!(told(&answer("A"), &answer("A B")), ["ResponseEnumValueAdded * E: null -> [\"B\"]"]);
    assert_eq!(told(&answer("A B"), &answer("A")), ["ResponseEnumValueRemoved * E: [\"B\"] -> null"]);
    let request = |words: &str| format!("type Query {{ a(e: E): Int }} enum E {{ {words} }}");
    assert_eq!(told(&request("A"), &request("A B C")), ["RequestEnumValueAdded * E: null -> [\"B\",\"C\"]"]);
    let both = |words: &str| format!("type Query {{ a(e: E): E }} enum E {{ {words} }}");
    let expected = ["ResponseEnumValueRemoved * E: [\"B\"] -> null", "RequestEnumValueRemoved * E: [\"B\"] -> null"];
    assert_eq!(told(&both("A B"), &both("A")), expected);
    assert_eq!(told(&answer("A"), &answer("A @deprecated")), ["PropertyDeprecatedChanged * E.A: false -> true"]);
}

#[test]
fn words_in_the_description_of_a_scalar_are_words() {
    let schema = |prose: &str| format!("type Query {{ s: S }} \"\"\"{prose}\"\"\" scalar S");
    let (old, new) = (schema("Values:\n- \"a\": x\n- \"b\": y"), schema("Of:\n- \"b\": z\n- \"a\"\n- \"off: c"));
    assert_eq!(told(&old, &new), ["ResponseEnumValueAdded * S: null -> [\"off\"]"]);
    assert!(told(&old, &schema("Any word.")).is_empty());
    assert!(told(&old, "type Query { s: S } scalar S").is_empty());
}

#[test]
fn members_of_unions_and_objects_of_interfaces() {
    let union = |members: &str| {
        format!("type Query {{ u: U a: A b: B }} union U = {members} type A {{ x: Int }} type B {{ x: Int }}")
    };
    assert_eq!(told(&union("A"), &union("A | B")), ["ResponseVariantAdded * U: null -> B"]);
    assert_eq!(told(&union("A | B"), &union("A")), ["TypeMemberRemoved * U: B -> null"]);
    let interface = |b: &str| {
        format!(
            "type Query {{ i: I b: B }} interface I {{ x: Int }} type A implements I {{ x: Int }} type B {b} {{ x: Int }}"
        )
    };
    assert_eq!(told(&interface(""), &interface("implements I")), ["ResponseVariantAdded * I: null -> B"]);
    assert_eq!(told(&interface("implements I"), &interface("")), ["TypeMemberRemoved * I: B -> null"]);
}

#[test]
fn an_interface_that_no_field_has_gets_no_new_form() {
    let schema = |b: &str| {
        format!(
            "type Query {{ a: A b: B }} interface I {{ x: Int }} type A implements I {{ x: Int }} type B {b} {{ x: Int }}"
        )
    };
    assert!(told(&schema(""), &schema("implements I")).is_empty());
    assert_eq!(told(&schema("implements I"), &schema("")), ["TypeMemberRemoved * I: B -> null"]);
}

#[test]
fn a_type_of_another_kind_is_told_once() {
    let old = "type Query { a(e: E): E  t: T } scalar E type T { x: Int }";
    let new = "type Query { a(e: E): E  t: T } enum E { A } interface T { y: Int }";
    assert_eq!(
        told(old, new),
        [
            "ResponseTypeChanged * E: scalar -> enum",
            "RequestTypeChanged * E: scalar -> enum",
            "ResponseTypeChanged * T: type -> interface",
        ]
    );
}

#[test]
fn a_removed_type_is_told_once() {
    let old = "type Query { a: A } type A { x: X y: [X!] z: Int } type X { n: Int deep: Y } type Y { m: Int }";
    let new = "type Query { a: A } type A { z: Int }";
    assert_eq!(told(old, new), ["TypeRemoved * X: [\"A.x\",\"A.y\"] -> null"]);
    let one = "type Query { a: A } type A { x: X z: Int } type X { n: Int deep: Y } type Y { m: Int }";
    assert_eq!(told(one, new), ["ResponsePropertyRemoved * A.x: X -> null"]);
}

#[test]
fn an_operation_that_went_with_its_type_is_told() {
    let old = "type Query { a: Int x: X } type X { n: Int }";
    assert_eq!(told(old, "type Query { a: Int }"), ["OperationRemoved query x: x -> null"]);
}

#[test]
fn a_type_of_another_name_is_told_once_and_compared() {
    let old = "type Query { a: A } type A { x: X! y: [X] } type X { n: Int o: Int! p: Int }";
    let new = "type Query { a: A } type A { x: Z! y: [Z] } type Z { n: Int o: Int p: Int }";
    assert_eq!(told(old, new), ["ResponseTypeChanged * X: X -> Z", "ResponseNullableAdded * X.o: false -> true"]);
}

#[test]
fn what_no_operation_reaches_says_nothing() {
    let old = "type Query { a: Int } type Lone { x: Int y: E } enum E { A B }";
    assert!(told(old, "type Query { a: Int } type Lone { x: String y: E } enum E { A }").is_empty());
    assert!(told(old, "type Query { a: Int }").is_empty());
}

#[test]
fn a_field_under_a_like_name_names_its_twin() {
    let schema =
        |field: &str| read(&format!("type Query {{ t: T a: Int }} type T {{ {field} z: Int }}")).expect("it is whole");
    let twins = |old: &str, new: &str| -> Vec<_> {
        diff(&schema(old), &schema(new)).into_iter().map(|deviation| deviation.twin.unwrap_or_default()).collect()
    };
    assert_eq!(twins("mail: String", "email: String"), ["T.email", "T.mail"]);
    assert_eq!(twins("mail: String", "email: Int"), ["", ""]);
    assert_eq!(twins("f(userId: Int): Int", "f(usersId: Int!): Int"), ["T.f(usersId)", "T.f(userId)"]);
}
