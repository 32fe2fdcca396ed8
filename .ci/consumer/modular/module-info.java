module consumer {
    requires dev.culvert.ice;
}
