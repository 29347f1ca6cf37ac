pub fn write(_: &super::Audit, _: &str) -> String {
    String::new()
}
